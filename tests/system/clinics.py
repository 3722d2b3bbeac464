"""Clinics that tests set up for themselves, so that none meets another's bookings."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.system.api_client import Answer, Client

ZONE = ZoneInfo("Europe/Stockholm")
PHONE = "+46 8 123 45 67"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_numbers = count(1)
_LETTERS = str.maketrans("0123456789", "bcdfghjklm")

Document = dict[str, Any]


def a_block(start: str, end: str, kind: str = "open") -> Document:
    """Return a schedule block."""
    return {"kind": kind, "from": start, "to": end}


def a_document(*blocks: Document, **changes: Any) -> Document:
    """Return a clinic where Anna works `blocks` (8 to 12) every day, holidays too, and takes visits of 30 minutes.

    `booking` changes single rules, `visit` the type; any other key replaces what stands there.
    """
    week = list(blocks) or [a_block("08:00", "12:00")]
    document = {
        "name": "A clinic of tests",
        "time_zone": ZONE.key,
        "contact": {"phone": PHONE},
        "booking": {"active": True, "holidays": {"closed": False}, **changes.pop("booking", {})},
        "practitioners": [{"key": "anna", "name": "Anna Berg"}],
        "block_kinds": [
            {"key": "open", "name": "Open", "online": True},
            {"key": "acute", "name": "Acute", "online": True},
            {"key": "lunch", "name": "Lunch"},
        ],
        "types": [{"key": "visit", "name": "INTERNAL", "alias": "Visit", "length": "30m", **changes.pop("visit", {})}],
        "templates": [{"key": "week", "week": dict.fromkeys(WEEKDAYS, week)}],
        "plans": [{"practitioner": None, "template": "week", "from": "2026-01-01"}],
    }
    return document | changes


def a_person(**changes: Any) -> dict[str, Any]:
    """Return the `patient` of a booking at a clinic without numbers: somebody new each time.

    The last name has no digits: a search for `17` would find all whose mobile has them, too.
    """
    number = next(_numbers)
    return {
        "first_name": "Test",
        "last_name": f"Person {number:04d}".translate(_LETTERS),
        "birth_date": "1980-05-05",
        "mobile": f"+4670174{number:04d}",
        "email": f"person{number}@patients.example",
        **changes,
    }


def in_days(number: int) -> date:
    """Return the clinic's date in so many days."""
    return datetime.now(UTC).astimezone(ZONE).date() + timedelta(days=number)


def at(day: date, time: str) -> str:
    """Return a moment of the clinic's wall clock as the API writes it."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE).isoformat()


@dataclass
class OwnClinic:
    """One test's clinic, spoken to by patients and by its administrator."""

    public: Client
    administrator: Client
    key: str

    def apply(self, *blocks: Document, **changes: Any) -> Document:
        """Put another document into force and return it as it was sent."""
        document = a_document(*blocks, clinic=self.key, **changes)
        answer = self.administrator.call("PUT", f"/staff/clinics/{self.key}/document", document)
        assert answer.status in (200, 201), answer
        return document

    def slots(self, day: date, type_key: str = "visit", **query: Any) -> list[dict[str, Any]]:
        """Return the slots of a day: those for new patients, unless `for` says otherwise."""
        return self.public.slots(self.key, type_key, day, 1, **query)

    def starts(self, day: date, type_key: str = "visit") -> list[str]:
        """Return the times of a day that are offered, as HH:MM."""
        return [slot["start"][11:16] for slot in self.slots(day, type_key)]

    def book(self, start: str, patient: dict[str, Any] | None = None, **fields: Any) -> Answer:
        """Book a visit as a patient on the web."""
        body = {"type": "visit", "start": start, "patient": patient or a_person(), **fields}
        return self.public.post(f"/clinics/{self.key}/bookings", body, Idempotency_Key=uuid4().hex)

    def hold(self, start: str, **fields: Any) -> Answer:
        """Hold a time as a patient on the web."""
        return self.public.post(f"/clinics/{self.key}/holds", {"type": "visit", "start": start, **fields})

    def link(self, token: str, call: str = "", body: Any = None) -> Answer:
        """Open a personal link, or move or cancel by it."""
        if not call:
            return self.public.get(f"/manage/{token}")
        return self.public.post(f"/manage/{token}/{call}", body)

    def places_to_move(self, token: str, day: date) -> list[str]:
        """Return the times of a day to which the booking may move, as HH:MM."""
        answer = self.public.get(f"/manage/{token}/slots", **{"from": day.isoformat(), "to": day.isoformat()})
        assert answer.status == 200, answer
        return [slot["start"][11:16] for slot in answer["slots"]]

    def desk(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """Make a call of the clinic's staff."""
        return self.administrator.call(method, f"/staff/clinics/{self.key}/{path}", body, **more)


def own_clinic(public: Client, administrator: Client, *blocks: Document, **changes: Any) -> OwnClinic:
    """Return a clinic that nobody else knows."""
    clinic = OwnClinic(public, administrator, f"own-{uuid4().hex[:10]}")
    clinic.apply(*blocks, **changes)
    return clinic

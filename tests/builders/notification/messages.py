"""Clinics, bookings and their events, as notification's tests need them."""

import copy
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.availability.document import check
from services.notification.handlers.desk import Desk
from services.notification.model.clinic import Clinic
from services.notification.model.messages import Appointment, appointment_told
from services.notification.model.told import BookingTold, PersonTold
from services.notification.wording.compose import Links
from shared.actor import Actor
from shared.clinic_documents import ClinicDocument
from shared.contracts.envelope import Event
from shared.contracts.errors import NotFound
from shared.desk import Keys
from shared.sealed import Sealer

DEMO = Path(__file__).parents[3] / "demo"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
START = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
LINKS = Links("https://booking.example", "link key")
KEYS = Keys("link key", "lookup key", Sealer("k1:" + "A" * 43 + "="), "https://booking.example")
STAFF = Actor(kind="staff", id="ann@solna.example", role="administrator", clinic="solna")
HOUSE = Actor(kind="service", id="notification")

CLINIC = {
    "clinic": "solna",
    "name": "Solna Tandvård",
    "time_zone": "Europe/Stockholm",
    "country": "SE",
    "languages": ["sv", "en"],
    "currency": "SEK",
    "contact": {
        "phone": "+46 8 123 45 67",
        "email": "info@solna.example",
        "address": "Storgatan 1, Solna",
        "website": "https://solna.example",
    },
    "booking": {"active": True},
    "texts": {"confirmation": {"sv": "Kom tio minuter före.", "en": "Come ten minutes early."}},
    "practitioners": [
        {"key": "anna", "name": "Anna Berg", "title": "Tandläkare", "email": "anna@solna.example"},
        {"key": "bo", "name": "Bo Ek", "email": "bo@solna.example", "phone": "070-174 06 05"},
    ],
    "types": [
        {
            "key": "exam",
            "name": "US internt",
            "alias": {"sv": "Undersökning", "en": "Examination"},
            "info": {"sv": "Ta med kortet.", "en": "Bring your card."},
            "bring": {"sv": "Röntgenbilder", "en": "X-rays"},
            "price": "995.00",
            "length": "45m",
        },
        {"key": "scaling", "name": "TS", "alias": {"sv": "Tandsten", "en": "Scaling"}, "length": "30m"},
    ],
}

PERSON: dict[str, Any] = {
    "identity": None,
    "birth_date": "1990-05-01",
    "first_name": "Eva",
    "last_name": "Lind",
    "mobile": "+46701740699",
    "email": "eva@example.org",
    "sms_ok": True,
    "email_ok": True,
    "message": "I am afraid of needles",
    "answers": {},
    "patient": None,
}


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a clinic document in normal form; nested maps in `changes` are merged one level deep."""
    written = copy.deepcopy(CLINIC)
    for key, value in changes.items():
        known = written.get(key)
        written[key] = {**known, **value} if isinstance(value, dict) and isinstance(known, dict) else value
    checked = check(written)
    assert not checked.problems, checked.problems
    return checked.document


def a_clinic(**changes: Any) -> Clinic:
    """Return the clinic of `a_document`."""
    return Clinic.from_document(a_document(**changes))


def demo_clinics() -> dict[str, Clinic]:
    """Return the five demo clinics."""
    return {path.stem: Clinic.from_document(check(path.read_text()).document) for path in DEMO.glob("*.yaml")}


def booking_data(**changes: Any) -> dict[str, Any]:
    """Return `data` of a booking event without `person`."""
    start, minutes = changes.pop("start", START), changes.pop("minutes", 45)
    return {
        "reference": "7K3M9PQR2T",
        "status": "booked",
        "origin": "web",
        "type": "exam",
        "practitioner": "anna",
        "resources": [],
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=minutes)).isoformat(),
        "minutes": minutes,
        "language": "en",
        "epoch": 0,
        "changeable": True,
        "sms_reminder": True,
        "previous": None,
        **changes,
    }


def previously(**changes: Any) -> dict[str, Any]:
    """Return `previous` of a move or change."""
    return {
        key: booking_data(**changes)[key] for key in ("type", "practitioner", "start", "end", "minutes", "resources")
    }


def an_appointment(version: int = 1, person: dict[str, Any] | None = None, **changes: Any) -> Appointment:
    """Return an appointment as read from an event."""
    data, typed = booking_data(**changes), {**PERSON, **(person or {})}
    told = BookingTold.read({**data, "person": "sealed"})
    appointment = appointment_told(data["reference"], version, told, PersonTold.read(typed))
    return replace(appointment, code=typed.get("code", ""))


def an_event(
    type: str = "BookingCreated", version: int = 1, person: dict[str, Any] | None = None, **changes: Any
) -> Event:
    """Return a booking's event with its person sealed."""
    data = booking_data(**changes)
    return Event(
        id=uuid.uuid4().hex,
        type=type,
        source="booking",
        time=NOW.isoformat(),
        clinic="solna",
        subject=data["reference"],
        subject_version=version,
        actor={"kind": "patient", "id": None},
        correlation_id="c0ffee",
        data={**data, "version": version, "person": KEYS.people.seal({**PERSON, **(person or {})})},
    )


class FakeDocuments:
    """The clinics' documents, from a dictionary."""

    def __init__(self, **documents: dict[str, Any]) -> None:
        self.documents = documents

    def get(self, clinic: str) -> ClinicDocument:
        """Return the document, always of revision 1; raise NotFound as the real ones do."""
        if clinic not in self.documents:
            raise NotFound.because("There is no such clinic.")
        return ClinicDocument(1, self.documents[clinic])


def a_desk(work: Any = None, documents: Any = None, actor: Actor = STAFF, now: datetime = NOW) -> Desk:
    """Return the surroundings of a call by `actor`, or of an event; solna is a clinic where nothing else is said."""
    known = FakeDocuments(solna=a_document()) if documents is None else documents
    return Desk(actor=actor, correlation_id="c0ffee", now=now, work=work, documents=known, keys=KEYS)


NEED = "5f1e" * 8
CODE = "7K3M-9QX2"


def a_recall(issue: int = 1, person: dict[str, Any] | None = None, **changes: Any) -> Event:
    """Return RecallIssued of a need without a time, or with `reference` of a booked time."""
    data = {
        **booking_data(),
        "reference": None,
        "need": NEED,
        "start": None,
        "end": None,
        "minutes": 45,
        "week": "2026-W49",
        "usable_until": "2026-12-20",
        "language": "en",
        "version": None,
        "send": ["sms", "email"],
        **changes,
    }
    sealed = KEYS.people.seal({**PERSON, "code": CODE, **(person or {})})
    return Event(
        id=uuid.uuid4().hex,
        type="RecallIssued",
        source="booking",
        time=NOW.isoformat(),
        clinic="solna",
        subject=data["reference"] or data["need"],
        subject_version=issue,
        actor={"kind": "staff", "id": "ann@solna.example"},
        correlation_id="c0ffee",
        data={**data, "person": sealed},
    )


def a_booked_recall(issue: int = 1, **changes: Any) -> Event:
    """Return RecallIssued of a booked time."""
    booked = {key: booking_data()[key] for key in ("reference", "start", "end")}
    return a_recall(issue, **{**booked, "need": None, "version": 1, "usable_until": None, **changes})

"""A small clinic for the tests of booking, and fakes of the services that booking asks."""

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from services.availability.document import check
from services.booking.handlers.desk import Desk
from services.booking.model.clinic_rules import ClinicRules
from services.booking.store import BookingStore, repeated_when_crossed
from shared.actor import PUBLIC, Actor
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.durations import parse_minutes
from shared.clinic_documents import ClinicDocument
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import NotFound, Refusal, SlotNotOffered
from shared.contracts.patient import NEED_ADDED, NEED_CLOSED
from shared.database import Database
from shared.desk import Keys
from shared.sealed import Sealer

T = TypeVar("T")

CLINIC = "solna"
ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
START = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
STAFF = Actor(kind="staff", id="eva@solna.example", role="administrator", clinic=CLINIC, source="192.0.2.7")
TOOL = Actor(kind="tool", id="import")
SERVICE = Actor(kind="service", id="availability")
KEYS = Keys(
    link="link-key",
    lookup="lookup-key",
    people=Sealer("k1:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="),
    public_url="https://booking.example",
)

DOCUMENT: dict[str, Any] = {
    "clinic": CLINIC,
    "name": "Solna Tandvård",
    "time_zone": "Europe/Stockholm",
    "country": "SE",
    "languages": ["sv", "en"],
    "contact": {"phone": "+46 8 123 45 67"},
    "identity": "none",
    "booking": {"active": True},
    "practitioners": [{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek"}],
    "resources": [
        {"key": "room-1", "name": "Rum 1", "pool": "room"},
        {"key": "room-2", "name": "Rum 2", "pool": "room"},
        {"key": "laser", "name": "Laser"},
    ],
    "types": [
        {"key": "visit", "name": "B", "length": "30m", "slots": {"mode": "flexible", "step": "5m"}},
        {"key": "roomy", "name": "R", "length": "30m", "uses": ["room"]},
        {"key": "laser", "name": "L", "length": "30m", "uses": [["laser"]], "buffer_after": "10m"},
    ],
}

PATIENT = {
    "birth_date": "1980-05-17",
    "first_name": "Maja",
    "last_name": "Lund",
    "mobile": "070 123 45 67",
    "email": "maja@example.org",
}


def a_document(**changes: Any) -> dict[str, Any]:
    """Return the clinic's document in normal form, with sections replaced or (for maps) filled in."""
    document = deepcopy(DOCUMENT)
    for name, change in changes.items():
        document[name] = {**document.get(name, {}), **change} if isinstance(change, Mapping) else change
    read = check(document)
    assert not read.problems, read.problems
    return read.document


def rules(**changes: Any) -> ClinicRules:
    """Return the clinic's rules at revision 1."""
    return ClinicRules(CLINIC, 1, a_document(**changes))


MOBILE = "+46701234567"
MAJA = "a" * 32
"""The patient whose needs `a_need` gives."""


def logged_in(mobile: str = MOBILE, clinic: str = CLINIC) -> Actor:
    """Return a patient who has proven a mobile at a clinic."""
    login = KEYS.people.seal({"mobile": mobile, "identity": None})
    return Actor(kind="patient", clinic=clinic, source="web 203.0.113.7", login=login)


def by_recall(need: str, clinic: str = CLINIC) -> Actor:
    """Return a patient who came by the link of a need's recall."""
    return Actor(kind="patient", clinic=clinic, source="web 203.0.113.7", need=need)


def a_need(id: str = "1" * 32, *, version: int = 1, clinic: str = CLINIC, **changes: Any) -> Event:
    """Return what patient tells of a need of Maja's: 50 minutes in the week of START, with whoever takes visits.

    `person` changes what is known of her.
    """
    known = {
        "identity": None,
        "birth_date": "1980-05-17",
        "first_name": "Maja",
        "last_name": "Lund",
        "mobile": MOBILE,
        "email": "maja@example.org",
        "sms_ok": True,
        "email_ok": True,
    }
    data = {
        "need": id,
        "patient": MAJA,
        "type": "visit",
        "practitioner": None,
        "minutes": 50,
        "week": "2026-W49",
        "state": "open",
        **changes,
        "person": KEYS.people.seal({**known, **changes.pop("person", {})}),
    }
    return new_event(
        "patient", NEED_ADDED if data["state"] == "open" else NEED_CLOSED, clinic=clinic, subject=id, version=version,
        data=data, now=NOW, actor={"kind": "staff", "id": "eva@solna.example"}, correlation_id="c",
    )  # fmt: skip


class Answered:
    """An answer that is there at once."""

    def __init__(self, give: Callable[[], Any]) -> None:
        self._give = give

    def result(self) -> Any:
        """Return the answer or raise the refusal."""
        return self._give()


class FakeMethod:
    """An RPC method that notes how it was called."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.calls: list[dict[str, Any]] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Answer."""
        self.calls.append(kwargs)
        return self._function(*args, **kwargs)

    def call_async(self, *args: Any, **kwargs: Any) -> Answered:
        """Answer later."""
        self.calls.append(kwargs)
        return Answered(lambda: self._function(*args, **kwargs))


class FakeDocuments:
    """The clinics' documents, as set by the test."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.revision = 1
        self.document = document

    def get(self, clinic: str) -> ClinicDocument:
        """Return the one clinic's document."""
        if clinic != self.document["clinic"]:
            raise NotFound.because("There is no such clinic.")
        return ClinicDocument(self.revision, self.document)


class FakeAvailability:
    """Finds every time legal but those of `closed`; lists a free time every half hour of 08–16 UTC."""

    def __init__(self, documents: FakeDocuments) -> None:
        self.documents = documents
        self.closed: set[datetime] = set()
        self.down: Refusal | None = None
        self.check_slot = FakeMethod(self._check_slot)
        self.slots = FakeMethod(self._slots)
        self.days = FakeMethod(self._days)

    def with_timeout(self, seconds: float) -> "FakeAvailability":
        """Return itself: it never waits."""
        assert seconds > 0
        return self

    def _check_slot(self, clinic: str, **query: Any) -> dict[str, Any]:
        if self.down:
            raise self.down
        start = datetime.fromisoformat(query["start"]).astimezone(UTC)
        if start in self.closed and not query.get("staff"):
            raise SlotNotOffered.because("Closed.")
        known = ClinicRules(clinic, self.documents.revision, self.documents.document)
        type = known.type(query["type"])
        assert type is not None
        asked = query.get("practitioner")
        takers = [asked] if asked else list(type.practitioners)
        candidates = [self._candidate(known, query, key, start) for key in takers]
        return {
            "revision": self.documents.revision,
            "type": query["type"],
            "start": candidates[0]["start"],
            "end": candidates[0]["end"],
            "candidates": candidates,
        }

    def _candidate(self, known: ClinicRules, query: Mapping[str, Any], key: str, start: datetime) -> dict[str, Any]:
        type = known.type(query["type"])
        entry = next(entry for entry in known.document["types"] if entry["key"] == query["type"])
        assert type is not None
        own = query["moving"]["minutes"] if query.get("moving") else None
        minutes = query.get("minutes") or own or parse_minutes(entry["lengths"].get(key) or entry["length"])
        end = start + timedelta(minutes=minutes)
        return {
            "practitioner": key,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "busy_from": (start - type.buffer_before).isoformat(),
            "busy_to": (end + type.buffer_after).isoformat(),
            "minutes": minutes,
            "accepts_new": known.practitioners[key]["new_patients"],
            "uses": [list(use) for use in type.uses],
        }

    def _slots(self, clinic: str, **query: Any) -> dict[str, Any]:
        if self.down:
            raise self.down
        known = ClinicRules(clinic, self.documents.revision, self.documents.document)
        type = known.type(query["type"])
        assert type is not None
        takers = [query["practitioner"]] if query.get("practitioner") else list(type.practitioners)
        length = timedelta(minutes=query.get("minutes") or 30)
        day = datetime.fromisoformat(query["from"]).replace(hour=8, tzinfo=UTC)
        listed = []
        while day.date().isoformat() <= query["to"]:
            for half_hours in range(16):
                start = day + timedelta(minutes=30 * half_hours)
                if start not in self.closed:
                    listed.append(
                        {
                            "start": start.astimezone(ZONE).isoformat(),
                            "end": (start + length).astimezone(ZONE).isoformat(),
                            "practitioners": takers,
                        }
                    )
            day += timedelta(days=1)
        return {"slots": listed}

    def _days(self, clinic: str, **query: Any) -> dict[str, Any]:
        slots = self._slots(clinic, **query)["slots"]
        dates = Counter(slot["start"][:10] for slot in slots)
        return {"days": [{"date": day, "level": "many", "free": free} for day, free in dates.items()]}


class FakePatients:
    """Knows the people whose first names are in `known`; `records` are what staff may name by id.

    `of_mobile` are the ids of those whose stored mobile is a proven one.
    """

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.ids: dict[str, str] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.identify = FakeMethod(self._identify)
        self.get = FakeMethod(self._get)
        self.of_mobile: dict[str, list[str]] = {MOBILE: [MAJA]}
        self.of_login = FakeMethod(self._of_login)

    def _of_login(self, _clinic: str, mobile: str, identity: Any) -> dict[str, Any]:
        return {"patients": self.of_mobile.get(mobile, [])}

    def _identify(self, _clinic: str, **person: Any) -> dict[str, Any]:
        known = person["first_name"] in self.known
        return {"known": known, "patient": self.ids.get(person["first_name"], "f" * 32) if known else None}

    def _get(self, _clinic: str, id: str) -> dict[str, Any]:
        if id not in self.records:
            raise NotFound.because("There is no such patient.")
        return self.records[id]


class World:
    """One clinic's booking service on a database, with the others as fakes and the time as set."""

    def __init__(self, database: Database, **changes: Any) -> None:
        self.database = database
        self.work: UnitOfWork[BookingStore] = UnitOfWork(database, BookingStore, lambda: None)
        self.documents = FakeDocuments(a_document(**changes))
        self.availability = FakeAvailability(self.documents)
        self.patients = FakePatients()
        self.now = NOW

    def desk(self, actor: Actor = PUBLIC) -> Desk:
        """Return the surroundings of one call by `actor`."""
        return Desk(
            actor=actor,
            correlation_id="c" * 32,
            now=self.now,
            work=self.work,
            transaction=self._transaction,
            documents=self.documents,
            availability=self.availability,
            patients=self.patients,
            keys=KEYS,
        )

    def change_document(self, **changes: Any) -> None:
        """Put another document in force."""
        self.documents.document = a_document(**changes)
        self.documents.revision += 1

    def _transaction(self, attempt: Callable[[BookingStore], T]) -> T:
        return repeated_when_crossed(self.work, attempt)

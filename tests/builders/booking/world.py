"""A small clinic for the tests of booking."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from services.availability.document import check
from services.booking.handlers.desk import Desk
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.listings import Listings
from services.booking.store import BookingStore, repeated_when_crossed
from shared.actor import PUBLIC, Actor
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.times.weeks import WEEKDAYS
from shared.contracts.envelope import Event, new_event
from shared.contracts.patient import NEED_ADDED, NEED_CLOSED
from shared.desk import Keys
from shared.sealed import Sealer
from shared.storage.database import Database
from tests.builders.booking.neighbours import FakeAvailability, FakeDocuments, FakePatients

T = TypeVar("T")

CLINIC = "solna"
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

ALL_DAY = [{"kind": "work", "from": "00:00", "to": "24:00", "step": "5m"}]
"""Appointments of any type and length start every five minutes."""

DOCUMENT: dict[str, Any] = {
    "clinic": CLINIC,
    "name": "Solna Tandvård",
    "time_zone": "Europe/Stockholm",
    "country": "SE",
    "languages": ["sv", "en"],
    "contact": {"phone": "+46 8 123 45 67"},
    "identity": "none",
    "booking": {"active": True, "holidays": {"closed": False}},
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
    "block_kinds": [{"key": "work", "name": "Arbete", "online": True}],
    "templates": [{"key": "always", "week": dict.fromkeys(WEEKDAYS, ALL_DAY)}],
    "plans": [{"template": "always"}],
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


def a_contact(mobile: str | None = None, email: str | None = None) -> str:
    """Return what a record has of these addresses, sealed."""
    sealed: str = KEYS.people.seal({"mobile": mobile, "email": email, "unconfirmed": []})
    return sealed


class World:
    """One clinic's booking service on a database, with the others as fakes and the time as set."""

    def __init__(self, database: Database, **changes: Any) -> None:
        self.database = database
        self.work: UnitOfWork[BookingStore] = UnitOfWork(database, BookingStore)
        self.documents = FakeDocuments(a_document(**changes))
        self.availability = FakeAvailability(self.documents)
        self.patients = FakePatients({MOBILE: [MAJA]})
        self.listings = Listings()
        self.now = NOW
        self.keys = KEYS

    def desk(self, actor: Actor = PUBLIC) -> Desk:
        """Return the surroundings of one call by `actor`."""
        return Desk(
            actor=actor,
            correlation_id="c" * 32,
            now=self.now,
            work=self.work,
            transaction=self.transaction,
            documents=self.documents,
            availability=self.availability,
            patients=self.patients,
            patients_as_asked=self.patients and self.patients.as_asked_by(actor),
            keys=self.keys,
            listings=self.listings,
        )

    def change_document(self, **changes: Any) -> None:
        """Put another document in force."""
        self.documents.document = a_document(**changes)
        self.documents.revision += 1

    def close(self, start: datetime) -> None:
        """Close the clinic for the five minutes from `start` on: an absence, which makes a new revision."""
        self.availability.closed.add(start)
        zone = ZoneInfo(DOCUMENT["time_zone"])
        first, last = (f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" for moment in (start, start + timedelta(minutes=5)))
        absence = {"id": "closed", "practitioner": None, "resource": None, "from": first, "to": last, "reason": None}
        self.documents.document = {**self.documents.document, "absences": [absence]}
        self.documents.revision += 1

    def transaction(self, attempt: Callable[[BookingStore], T]) -> T:
        """Run `attempt` in a transaction that is repeated where it crossed another."""
        return repeated_when_crossed(self.work, attempt)

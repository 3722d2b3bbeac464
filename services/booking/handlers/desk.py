"""What booking's use cases work with, the other services too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from services.booking.model.checkpoints import Checkpoints
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Chain, Personal
from services.booking.model.listings import Listings
from shared import desk
from shared.clinic.document import Document
from shared.contracts.booking import SERVICE, BookingPerson
from shared.contracts.errors import Forbidden
from shared.contracts.plain import read
from shared.links import manage_token
from shared.proofs import Proof

if TYPE_CHECKING:
    from services.booking.store import BookingStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments

T = TypeVar("T")


class Pending(Protocol):
    """An answer under way."""

    def result(self) -> Any:
        """Wait for the answer; raise the refusal that came instead."""
        ...


class Method(Protocol):
    """One RPC method of another service."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call and wait."""
        ...

    def call_async(self, *args: Any, **kwargs: Any) -> Pending:
        """Call and return the answer under way."""
        ...


class Availability(Protocol):
    """What booking asks of availability."""

    @property
    def days(self) -> Method:
        """How much is free on each date."""
        ...

    @property
    def slots(self) -> Method:
        """Free times."""
        ...

    @property
    def free_slots(self) -> Method:
        """The times that staff may give."""
        ...

    def with_timeout(self, seconds: float) -> Availability:
        """Return the same service with another time limit."""
        ...


class Patients(Protocol):
    """What booking asks of patient."""

    @property
    def identify(self) -> Method:
        """Whether the clinic knows a person."""
        ...

    @property
    def get(self) -> Method:
        """One patient's record."""
        ...

    @property
    def update(self) -> Method:
        """Change one patient's record, and return it."""
        ...

    @property
    def note_opening(self) -> Method:
        """Who is about to see whose data."""
        ...

    @property
    def person(self) -> Method:
        """What a booking takes from the record of whom a patient has proven to be."""
        ...

    def with_timeout(self, seconds: float) -> Patients:
        """Return the same service with another time limit."""
        ...

    @property
    def resolve_imported(self) -> Method:
        """Whom lines of the former system's appointments are of."""
        ...

    @property
    def of_login(self) -> Method:
        """The patients to whom a proven mobile belongs."""
        ...


@dataclass(frozen=True)
class Desk(desk.Desk):
    """One call's surroundings. `transaction` commits, repeated if crossed.

    `patients` is asked in booking's own name, `patients_as_asked` in the name of whoever acts.
    `test_numbers` are right where the installation is for tests.
    """

    source = SERVICE

    work: UnitOfWork[BookingStore]
    documents: ClinicDocuments
    transaction: Callable[[Callable[[BookingStore], T]], T]
    availability: Availability
    patients: Patients
    patients_as_asked: Patients
    listings: Listings
    test_numbers: bool = False

    @property
    def chain(self) -> Chain:
        """What links history entries."""
        return Chain(self.keys.lookup, self.personal, self.keys.every_lookup[1:])

    @property
    def checkpoints(self) -> Checkpoints:
        """What links checkpoints over histories."""
        return Checkpoints(self.keys.lookup, self.keys.every_lookup[1:])

    @property
    def personal(self) -> Personal:
        """What seals the personal parts of history entries."""
        return Personal(self.keys.people, self.keys.lookup, self.keys.every_lookup[1:])

    def rules(self, clinic: str) -> ClinicRules:
        """Return the clinic's rules in force; raise NotFound where there is no such clinic."""
        found = self.documents.get(clinic)
        return found.as_read(_rules_of)(found.revision)

    def require_calendar(self, practitioner: str | None) -> str | None:
        """Return whose calendar is meant: for a therapist without a wish their own; refuse those of others (C1)."""
        own = self.actor.own_calendar
        if own is None:
            return practitioner
        if not own or practitioner not in {None, own}:
            raise Forbidden.because("Therapists see and change their own calendar only.")
        return own

    def open_person(self, sealed: str) -> BookingPerson:
        """Return the person of a booking, or of a need (of whom nothing is typed), from its sealed form."""
        return read(BookingPerson, self.keys.people.open(sealed))

    def today(self, rules: ClinicRules) -> date:
        """Return the clinic's date."""
        return self.now.astimezone(rules.zone).date()

    def patients_of(self, clinic: str, proof: Proof) -> list[str]:
        """Return the ids of the patients whose a login is."""
        asked = self.patients.of_login(clinic, mobile=proof.mobile, identity=proof.identity)
        found: list[str] = asked["patients"]
        return found

    def record(self, clinic: str, patient: str) -> dict[str, Any]:
        """Return the record of whom staff or a tool name by id.

        Raises NotFound, and Forbidden for a therapist whose patient that is not: patient judges whose they are (C1).
        """
        asked = self.patients if self.actor.own_calendar is None else self.patients_as_asked
        found: dict[str, Any] = asked.get(clinic, patient)
        return found

    def link(self, reference: str, epoch: int) -> dict[str, str]:
        """Return the personal link of a booking, as token and address (PRODUCT M1)."""
        token = manage_token(self.keys.link, reference, epoch)
        return {"manage_url": f"{self.keys.public_url}/m/{token}", "manage_token": token}


def _rules_of(document: Document) -> Callable[[int], ClinicRules]:
    """Return what makes the rules of a document, once for a revision."""
    return cache(lambda revision: ClinicRules(document["clinic"], revision, document))


def local(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as RPC results write it: ISO 8601 with the clinic's offset."""
    return moment.astimezone(zone).isoformat()


def present(**fields: Any) -> Mapping[str, Any]:
    """Return the fields that are not None: what goes into a call that tells left-out from null."""
    return {name: value for name, value in fields.items() if value is not None}

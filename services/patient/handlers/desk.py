"""What patient's use cases work with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, Self

from services.patient.model.consent import Word
from services.patient.model.patients import number_hash
from shared import desk
from shared.contracts.errors import Forbidden, NotFound
from shared.contracts.patient import SERVICE
from shared.ids import is_id
from shared.sealed import Sealer

if TYPE_CHECKING:
    from services.patient.model.patients import Patient
    from services.patient.store import PatientStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments
    from shared.settings import Settings


@dataclass(frozen=True)
class Keys(desk.Keys):
    """The keys of the service; `numbers` seals identity numbers at rest (DESIGN rule 9)."""

    numbers: Sealer

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return the installation's keys."""
        return cls(**vars(desk.Keys.from_settings(settings)), numbers=Sealer(settings.identity_keys))

    def number_hash(self, clinic: str, scheme: str, number: str) -> str:
        """Return what a canonical number is found by; the same number gives another hash in another clinic."""
        return number_hash(self.lookup, clinic, scheme, number)

    def number_hashes(self, clinic: str, scheme: str, number: str) -> tuple[str, ...]:
        """Return everything that a canonical number is found by, the newest first: one hash for each accepted key."""
        return tuple(number_hash(key, clinic, scheme, number) for key in self.lookups)

    def every_number_hash(self, clinic: str, fields: Mapping[str, Any]) -> list[str | None]:
        """Return the hashes of a record's number by every key, those of before too; None for each where it has none."""
        if not fields.get("number_hash") or not self.every_lookup[1:]:
            return [fields.get("number_hash")] * len(self.every_lookup)
        number = self.numbers.open(fields["number_sealed"])
        return [number_hash(key, clinic, fields["scheme"], number) for key in self.every_lookup]

    def hashes_of(self, patient: Patient) -> tuple[str, ...]:
        """Return the same for the number of a record; () where it has none."""
        if not patient.scheme or not patient.number_hash or not patient.number_sealed:
            return ()
        if not self.other_lookups:
            return (patient.number_hash,)
        return self.number_hashes(patient.clinic, patient.scheme, self.numbers.open(patient.number_sealed))

    def hashed_anew(self, patient: Patient) -> Patient:
        """Return a record as it is written now: its number found by the newest key, whichever has found it so far."""
        if not self.other_lookups or not (hashes := self.hashes_of(patient)):
            return patient
        return replace(patient, number_hash=hashes[0])


ASKING_SECONDS = 2.0


class Bookings(Protocol):
    """The booking service, as far as it is asked whose patients somebody's are."""

    def in_own_name(self) -> Self:
        """Return the same, asked by this service for itself."""
        ...

    def with_timeout(self, seconds: float) -> Self:
        """Return the same with another time limit."""
        ...

    def find(self, clinic: str, **query: Any) -> dict[str, Any]:
        """Return a page of a clinic's bookings."""
        ...

    def seen_since(self, clinic: str, *, patients: Sequence[str], since: str) -> dict[str, Any]:
        """Return `{patients}`: those of them who were there since a moment, or are to come."""
        ...

    def treated(self, clinic: str, *, practitioner: str, patients: Sequence[str]) -> dict[str, Any]:
        """Return `{patients}`: those of them whom a practitioner treats, or is to treat by a need."""
        ...


@dataclass(frozen=True)
class Desk(desk.Desk):
    """One call's surroundings. `test_numbers` are right where the installation is for tests."""

    source = SERVICE

    work: UnitOfWork[PatientStore]
    documents: ClinicDocuments
    keys: Keys
    bookings: Bookings
    test_numbers: bool = False

    def document(self, clinic: str) -> Mapping[str, Any]:
        """Return the clinic's document in force; raise NotFound where there is no such clinic."""
        return self.documents.get(clinic).document

    def word(self, kind: str | None = None) -> Word:
        """Return the word of whoever acts, as given now; of another `kind` where they only pass it on."""
        return Word(self.now, kind or self.actor.kind, self.actor.id)


def theirs(desk: Desk, clinic: str, patients: Collection[Patient]) -> list[Patient]:
    """Return those of a clinic's patients that whoever acts may see (PRODUCT C1).

    Those are for a therapist the ones whom they treat, who are called in to them, or whose record they have made.
    """
    own = desk.actor.own_calendar
    if own is None or not patients:
        return list(patients)
    if not own:
        return []
    known = {patient.id for patient in patients if patient.made_by == own}
    if asked := [patient.id for patient in patients if patient.id not in known]:
        bookings = desk.bookings.in_own_name().with_timeout(ASKING_SECONDS)
        known.update(bookings.treated(clinic, practitioner=own, patients=asked)["patients"])
    return [patient for patient in patients if patient.id in known]


def require_theirs(desk: Desk, clinic: str, id: str) -> None:
    """Refuse therapists whose patient somebody is not; who does not exist is for the caller to tell."""
    if desk.actor.own_calendar is None:
        return
    with desk.work.reading() as store:
        patient = store.get(clinic, id) if is_id(id) else None
    if patient is not None and not theirs(desk, clinic, [patient]):
        raise Forbidden.because("Therapists see and change their own patients only.")


def present(store: PatientStore, clinic: str, id: str, *, to_change: bool = False) -> Patient:
    """Return the clinic's patient; raise NotFound."""
    patient = store.get(clinic, id, to_change=to_change) if is_id(id) else None
    if patient is None:
        raise NotFound.because("The clinic has no such patient.")
    return patient

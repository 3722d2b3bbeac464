"""What patient's use cases work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from shared import desk
from shared.contracts.errors import NotFound
from shared.contracts.patient import SERVICE
from shared.ids import is_id
from shared.sealed import Sealer, keyed_hash

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
        return keyed_hash(self.lookup, clinic, scheme, number)


@dataclass(frozen=True)
class Desk(desk.Desk):
    """One call's surroundings. `test_numbers` are right where the installation is for tests."""

    source = SERVICE

    work: UnitOfWork[PatientStore]
    documents: ClinicDocuments
    keys: Keys
    test_numbers: bool = False

    def document(self, clinic: str) -> Mapping[str, Any]:
        """Return the clinic's document in force; raise NotFound where there is no such clinic."""
        return self.documents.get(clinic).document


def present(store: PatientStore, clinic: str, id: str, *, to_change: bool = False) -> Patient:
    """Return the clinic's patient; raise NotFound."""
    patient = store.get(clinic, id, to_change=to_change) if is_id(id) else None
    if patient is None:
        raise NotFound.because("The clinic has no such patient.")
    return patient

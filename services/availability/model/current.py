"""The clinics as a process of availability knows them: document and plan, by revision."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan
from shared.contracts.errors import NotFound, Refusal

_CLINIC = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True)
class Clinic:
    """A clinic's set-up (normal form), the plan made from it, and the revision that both belong to."""

    revision: int
    document: dict[str, Any]
    plan: ClinicPlan


class StoredClinic(NamedTuple):
    """A clinic's revision, and its document (normal form) unless the reader already knows that revision.

    Who is to change it is told whether its history `is_recorded` up to here.
    """

    revision: int
    document: dict[str, Any] | None
    is_recorded: bool = False


class ReadsClinics(Protocol):
    """The store, as far as it is needed here."""

    def clinic(self, clinic: str, known_revision: int = 0) -> StoredClinic | None:
        """Return the clinic's row."""
        ...


class CurrentClinics:
    """Keeps each clinic's plan until its revision changes; whether it did, the database or an announcement says."""

    def __init__(self) -> None:
        self._known: dict[str, Clinic] = {}

    def get(self, store: ReadsClinics, clinic: str) -> Clinic:
        """Return the clinic as it is now; raise NotFound for one that does not exist. One SQL statement."""
        found = self.find(store, clinic)
        if found is None:
            raise no_such_clinic()
        return found

    def at(self, clinic: str, revision: int) -> Clinic | None:
        """Return the clinic where it is known as of this revision, None where it is not. No SQL statement."""
        known = self._known.get(clinic)
        return known if known is not None and known.revision == revision else None

    def find(self, store: ReadsClinics, clinic: str) -> Clinic | None:
        """Return the clinic as it is now, None for one that does not exist. One SQL statement."""
        known = self._known.get(clinic) if can_be_clinic(clinic) else None
        stored = store.clinic(clinic, known.revision if known else 0) if can_be_clinic(clinic) else None
        if stored is None:
            return None
        if known is None or stored.document is not None:
            document = stored.document or {}
            known = self._known[clinic] = Clinic(stored.revision, document, clinic_plan(document))
        return known


def can_be_clinic(clinic: object) -> bool:
    """Tell whether this may be a clinic's short name; databases need not be asked about anything else."""
    return isinstance(clinic, str) and _CLINIC.fullmatch(clinic) is not None


def no_such_clinic() -> Refusal:
    """Return the refusal of a clinic that does not exist."""
    return NotFound.because("There is no such clinic.")

"""What a use case works with: who acts, what time it is, the database, the clinics' documents, the keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.patient.secrets import Secrets
from shared.actor import Actor
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import NotFound
from shared.contracts.patient import SERVICE, NeedState, PatientState

if TYPE_CHECKING:
    from services.patient.model.patients import Patient
    from services.patient.store import PatientStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments

_AN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Desk:
    """One call's surroundings. `now` is one moment for the whole call.

    `test_numbers` are right where the installation is for tests.
    """

    actor: Actor
    correlation_id: str
    now: datetime
    work: "UnitOfWork[PatientStore]"
    documents: "ClinicDocuments"
    secrets: Secrets
    test_numbers: bool = False

    def document(self, clinic: str) -> Mapping[str, Any]:
        """Return the clinic's document in force; raise NotFound where there is no such clinic."""
        return self.documents.get(clinic).document

    def event(
        self,
        type: str,
        clinic: str,
        subject: str,
        version: int,
        data: PatientState | NeedState,
        cause: Event | None = None,
    ) -> Event:
        """Return an event that this call caused, or that followed from the event `cause`."""
        return new_event(
            SERVICE,
            type,
            clinic=clinic,
            subject=subject,
            version=version,
            data=data,
            now=self.now,
            actor=cause.actor if cause else self.actor.brief(),
            correlation_id=cause.correlation_id if cause else self.correlation_id,
        )


def is_id(text: object) -> bool:
    """Tell whether `text` could be the id of a patient or a need."""
    return isinstance(text, str) and _AN_ID.fullmatch(text) is not None


def present(store: "PatientStore", clinic: str, id: str, *, to_change: bool = False) -> "Patient":
    """Return the clinic's patient; raise NotFound."""
    patient = store.get(clinic, id, to_change=to_change) if is_id(id) else None
    if patient is None:
        raise NotFound.because("The clinic has no such patient.")
    return patient

"""Surroundings of calls, for tests of patient's use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from services.patient.handlers.desk import Desk, Keys
from services.patient.store import PatientStore
from shared.actor import Actor
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic_documents import ClinicDocument
from shared.contracts.errors import NotFound
from shared.sealed import Sealer
from tests.builders.patient.documents import a_document

Work = UnitOfWork[PatientStore]

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEYS = Keys(
    link="link key",
    lookup="lookup",
    people=Sealer("p:" + "B" * 42 + "A="),
    public_url="https://booking.example",
    numbers=Sealer("n:" + "A" * 43 + "="),
)
STAFF = Actor(kind="staff", id="ann@solna.example", role="administrator", clinic="solna")
BOOKING = Actor(kind="service", id="booking")


class FakeDocuments:
    """The documents of solna and lund, all alike."""

    def __init__(self, **changes: Any) -> None:
        self.changes = changes

    def get(self, clinic: str) -> ClinicDocument:
        """Return the clinic's document."""
        if clinic not in {"solna", "lund"}:
            raise NotFound.because("There is no such clinic.")
        return ClinicDocument(1, a_document(clinic, **self.changes))


class FakeTreating:
    """The booking service as it tells whose patients somebody's are: everybody is everybody's, but for `strangers`."""

    def __init__(self, *strangers: str, coming: Sequence[dict[str, Any]] = (), seen: Sequence[str] = ()) -> None:
        self.strangers = strangers
        self.coming = [*coming]
        self.seen = [*seen]

    def in_own_name(self) -> Self:
        """Return itself."""
        return self

    def with_timeout(self, seconds: float) -> Self:
        """Return itself."""
        return self

    def find(self, _clinic: str, **_query: Any) -> dict[str, Any]:
        """Return no bookings to come."""
        return {"bookings": self.coming, "next": None}

    def seen_since(self, _clinic: str, *, patients: Sequence[str], since: str) -> dict[str, Any]:
        """Return those who were there lately."""
        return {"patients": [patient for patient in patients if patient in self.seen]}

    def treated(self, _clinic: str, *, practitioner: str, patients: Sequence[str]) -> dict[str, Any]:
        """Return those whom the practitioner treats."""
        return {"patients": [patient for patient in patients if patient not in self.strangers]}


def a_desk(work: Work, actor: Actor = STAFF, **changes: Any) -> Desk:
    """Return the surroundings of a call by `actor`."""
    return replace(Desk(actor, "abc", NOW, work, FakeDocuments(), KEYS, FakeTreating()), **changes)

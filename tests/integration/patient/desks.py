"""Surroundings of calls, for tests of patient's use cases."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.patient.handlers.desk import Desk
from services.patient.secrets import Secrets
from services.patient.store import PatientStore
from shared.actor import Actor
from shared.bus.unit_of_work import UnitOfWork
from shared.clinic_documents import ClinicDocument
from shared.contracts.errors import NotFound
from shared.sealed import Sealer

Work = UnitOfWork[PatientStore]

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECRETS = Secrets(Sealer("n:" + "A" * 43 + "="), Sealer("p:" + "B" * 42 + "A="), "lookup")
STAFF = Actor(kind="staff", id="ann@solna.example", role="administrator", clinic="solna")
BOOKING = Actor(kind="service", id="booking")


def a_type(key: str, **changes: Any) -> dict[str, Any]:
    """Return a type of appointment of 30 minutes that everybody online takes, its needs without a limit."""
    needs = {"controlled": True, "choose_practitioner": False, "days_after_week": changes.pop("days_after_week", None)}
    return {
        "key": key, "name": key, "length": "30m", "lengths": {}, "online": True, "practitioners": [], "needs": needs,
        **changes,
    }  # fmt: skip


def a_document(clinic: str = "solna", **changes: Any) -> dict[str, Any]:
    """Return what patient reads of a Swedish clinic's document, in normal form."""
    return {
        "clinic": clinic,
        "country": "SE",
        "time_zone": "Europe/Stockholm",
        "grid": "5m",
        "practitioners": [
            {"key": "anna", "online": True},
            {"key": "bo", "online": True},
            {"key": "eva", "online": False},
        ],
        "types": [
            a_type("exam", days_after_week=10, lengths={"anna": "45m"}),
            a_type("hygiene", practitioners=["bo", "eva"], days_after_week=0),
            a_type("visit"),
        ],
        **changes,
    }


class FakeDocuments:
    """The documents of solna and lund, all alike."""

    def __init__(self, **changes: Any) -> None:
        self.changes = changes

    def get(self, clinic: str) -> ClinicDocument:
        """Return the clinic's document."""
        if clinic not in {"solna", "lund"}:
            raise NotFound.because("There is no such clinic.")
        return ClinicDocument(1, a_document(clinic, **self.changes))


def a_desk(work: Work, actor: Actor = STAFF, **changes: Any) -> Desk:
    """Return the surroundings of a call by `actor`."""
    return replace(Desk(actor, "abc", NOW, work, FakeDocuments(), SECRETS), **changes)

"""Batches of a former system's files, taken over by calls as callers make them."""

from typing import Any

from services.patient.service import PatientService
from shared.actor import Actor
from shared.clinic_documents import ClinicDocument
from tests.builders.calling import Called
from tests.builders.patient.desks import STAFF, FakeDocuments, Work, a_desk


class OfCountry(FakeDocuments):
    """Solna's document with another country's numbers and telephones."""

    def get(self, clinic: str) -> ClinicDocument:
        """Return it; Sweden's where nothing else was said."""
        found = super().get(clinic)
        return ClinicDocument(1, {"identity": "se.personnummer", **found.document})


class _AtDesk(PatientService):
    def __init__(self, desk: Any) -> None:
        self._given = desk

    def _desk(self) -> Any:
        return self._given


def taking_over(work: Work, actor: Actor = STAFF, **document: Any) -> Any:
    """Return patient in the hands of `actor`, at a clinic whose document is changed so."""
    return Called(_AtDesk(a_desk(work, actor, documents=OfCountry(**document), test_numbers=True)), actor)


def numbered(lines: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """Return lines with their numbers, from 1 on."""
    return [{"line": number, **line} for number, line in enumerate(lines, 1)]


def import_patients(
    work: Work, *lines: dict[str, Any], actor: Actor = STAFF, dry_run: bool = False, **document: Any
) -> list[dict[str, Any]]:
    """Take patients over and return the answers by line."""
    called = taking_over(work, actor, **document)
    answered: list[dict[str, Any]] = called.import_patients("solna", lines=numbered(lines), dry_run=dry_run)["lines"]
    return answered


def import_needs(work: Work, *lines: dict[str, Any], dry_run: bool = False) -> list[dict[str, Any]]:
    """Take needs over and return the answers by line."""
    answered: list[dict[str, Any]] = taking_over(work).import_needs("solna", lines=numbered(lines), dry_run=dry_run)[
        "lines"
    ]
    return answered


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    """Return what came of each line."""
    return [each["outcome"] for each in answers]

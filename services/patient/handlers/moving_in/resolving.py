"""Whom lines of needs and appointments are of (PRODUCT C14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.patient.handlers import views
from services.patient.handlers.desk import Desk
from services.patient.handlers.moving_in.lines import View, lines_known, who
from services.patient.model.moving_in import DOUBTFUL, ERASED, NOBODY, WRONG, Errors, Who, found
from services.patient.model.patients import Patient
from services.patient.store import PatientStore
from shared.contracts.errors import Invalid
from shared.contracts.plain import plain

FOUND = "found"


@dataclass(frozen=True)
class Found:
    """Whose a line is: `patient`, or why nobody's: those whom it could mean, or what is wrong with it."""

    patient: Patient | None = None
    candidates: tuple[str, ...] = ()
    errors: Errors | None = None

    @property
    def outcome(self) -> str:
        """Return `found`, `doubtful` or `wrong`."""
        if self.patient is not None:
            return FOUND
        return DOUBTFUL if self.candidates or self.errors == {"patient": [ERASED]} else WRONG


def resolve_imported(desk: Desk, clinic: str, whos: Sequence[Mapping[str, Any]]) -> View:
    """Return `{people: [{outcome, patient, person, candidates, errors}]}` in the order in which they were asked for.

    `outcome` is `found` with the id and what a booking takes of the record, `doubtful` with candidates, or `wrong`.
    """
    with desk.work.snapshot() as store:
        people = resolve(desk, store, clinic, whos)
    return {"people": [_told(desk, each) for each in people]}


def resolve(
    desk: Desk, store: PatientStore, clinic: str, whos: Sequence[Mapping[str, Any]], *, to_change: bool = False
) -> list[Found]:
    """Return whose each line is, by four statements for all; `to_change` keeps their records from others."""
    document = desk.document(clinic)
    meant = [_meant(desk, clinic, document, each) for each in whos]
    asked = [each for each in meant if isinstance(each, Who)]
    linked = lines_known(store, clinic, [each.found_by for each in asked if each.found_by])
    people = store.people(
        clinic,
        names={each.name_key for each in asked if each.name_key},
        ids={*(each.id for each in asked if each.id), *(each.subject for each in linked.values())},
        numbers={(each.scheme, hash) for each in asked if each.scheme for hash in each.hashes},
        to_change=to_change,
    )
    return _Directory(map(desk.keys.hashed_anew, people), {key: each.subject for key, each in linked.items()}).of_all(
        meant
    )


class _Directory:
    """Those whom a batch could mean."""

    def __init__(self, people: Iterable[Patient], linked: Mapping[str, str]) -> None:
        self._linked = linked
        self._by_id: dict[str, Patient] = {}
        self._by_what: dict[str | None, list[Patient]] = {}
        for each in people:
            self._by_id[each.id] = each
            for what in {each.name_key, each.number_hash}:
                self._by_what.setdefault(what, []).append(each)

    def of_all(self, meant: Iterable[Who | Found]) -> list[Found]:
        return [self._of(each) if isinstance(each, Who) else each for each in meant]

    def _of(self, asked: Who) -> Found:
        if asked.id is not None:
            return self._found(self._by_id.get(asked.id))
        if asked.key is not None and asked.key in self._linked:
            patient = self._by_id.get(self._linked[asked.key])
            return Found(patient) if patient else Found(errors={"patient": [ERASED]})
        likely = [each for what in (asked.number_hash, asked.name_key) if what for each in self._by_what.get(what, ())]
        patient, candidates = found(asked, likely)
        return Found(None, tuple(each.id for each in candidates)) if candidates else self._found(patient)

    @staticmethod
    def _found(patient: Patient | None) -> Found:
        return Found(patient) if patient else Found(errors=NOBODY)


def _meant(desk: Desk, clinic: str, document: Mapping[str, Any], asked: Mapping[str, Any]) -> Who | Found:
    try:
        return who(desk, clinic, document, asked)
    except Invalid as refused:
        return Found(errors=refused.extra["errors"])


def _told(desk: Desk, each: Found) -> View:
    patient = each.patient
    return {
        "outcome": each.outcome,
        "patient": patient.id if patient else None,
        "person": plain(views.person(patient, desk.keys)) if patient else None,
        "candidates": list(each.candidates),
        "errors": dict(each.errors or {}),
    }

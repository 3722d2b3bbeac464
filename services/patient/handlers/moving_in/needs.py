"""Taking over the former system's needs: whom it would have called in (PRODUCT C14)."""

from collections.abc import Mapping
from typing import Any

from services.patient.handlers import views
from services.patient.handlers.desk import Desk
from services.patient.handlers.moving_in.lines import View, answered, lines_known, need_keys, wrong
from services.patient.handlers.moving_in.resolving import Found, resolve
from services.patient.model.moving_in import KNOWN, NEW, Imported
from services.patient.model.needs import ClinicNeeds, Need
from services.patient.model.patients import Patient
from services.patient.store import PatientStore
from shared.contracts.errors import Invalid
from shared.contracts.patient import NEED_ADDED
from shared.ids import new_id
from shared.incoming.lines import Batch, Line


def import_needs(desk: Desk, clinic: str, batch: Batch) -> View:
    """Take a batch of needs over, all or none; return `{lines: [{line, outcome, patient, need, errors, …}]}`.

    `outcome` is `new`, `known` (taken over before, or the patient has an equal one), `doubtful` with `candidates`, or
    `wrong` with `errors`. What was taken over before and closed here since stays closed. Raises NotFound.
    """
    rules = ClinicNeeds.at(desk.document(clinic), desk.now)
    answers = {line.number: answered(line.number, "wrong", errors=line.errors) for line in batch.lines if line.errors}
    lines = [line for line in batch.lines if not line.errors]
    with desk.work.snapshot() if batch.dry_run else desk.work() as store:
        if not batch.dry_run:
            store.one_at_a_time({f"needs\x1f{clinic}"})
        people = resolve(desk, store, clinic, [line.fields["patient"] for line in lines], to_change=not batch.dry_run)
        taking = _Taking(desk, store, clinic, rules, list(zip(lines, people, strict=True)))
        answers |= {line.number: taking.take(line, person) for line, person in zip(lines, people, strict=True)}
        if batch.dry_run:
            answers = {number: taking.as_previewed(each) for number, each in answers.items()}
        else:
            taking.write(store)
    return {"lines": [answers[line.number] for line in batch.lines]}


class _Taking:
    """A batch of needs: those that there are, and those that are new."""

    def __init__(
        self, desk: Desk, store: PatientStore, clinic: str, rules: ClinicNeeds, lines: list[tuple[Line, Found]]
    ) -> None:
        self._desk, self._clinic, self._rules = desk, clinic, rules
        self._new: list[tuple[Need, Patient]] = []
        self._linked: dict[str, str] = {}
        known = lines_known(store, clinic, [self._keys(line, each.patient) for line, each in lines if each.patient])
        self._imported = {key: each.subject for key, each in known.items()}
        patients = {person.patient.id for _, person in lines if person.patient}
        self._open = {_content(need): need.id for need in store.needs_not_closed(clinic, patients)}

    def take(self, line: Line, person: Found) -> View:
        """Take one line over and return its answer."""
        patient, sent = person.patient, line.fields
        if patient is None:
            return answered(line.number, person.outcome, errors=person.errors, candidates=list(person.candidates))
        key = self._keys(line, patient)[0]
        if known := self._imported.get(key) or self._linked.get(key):
            return answered(line.number, KNOWN, patient.id, need=known)
        try:
            need = self._made(patient, sent)
        except Invalid as refused:
            return wrong(line.number, refused)
        id = self._open.setdefault(_content(need), need.id)
        self._linked[key] = id
        if id != need.id:
            return answered(line.number, KNOWN, patient.id, need=id)
        self._new.append((need, patient))
        return answered(line.number, NEW, patient.id, need=id)

    def as_previewed(self, answer: View) -> View:
        """Return an answer without the id of a need that will not be given."""
        made = {need.id for need, _ in self._new}
        return {**answer, "need": None} if answer.get("need") in made else answer

    def write(self, store: PatientStore) -> None:
        """Write what is new, and tell of it."""
        store.add_needs([need for need, _ in self._new])
        for need, patient in self._new:
            told = views.need_told(need, patient, self._desk.keys)
            store.publish(self._desk.event(NEED_ADDED, self._clinic, need.id, need.version, told))
        linked = (Imported(key, subject, {}) for key, subject in self._linked.items())
        store.note_imported(self._clinic, linked, self._desk.now)

    def _made(self, patient: Patient, sent: Mapping[str, Any]) -> Need:
        return Need(
            id=new_id(),
            clinic=self._clinic,
            patient=patient.id,
            type=sent["type"],
            practitioner=sent.get("practitioner"),
            minutes=self._rules.minutes_of(sent),
            week=sent["week"],
            closed=False,
            created_at=self._desk.now,
        )

    def _keys(self, line: Line, patient: Patient) -> tuple[str, ...]:
        sent = line.fields
        said = (str(sent.get(name) or "") for name in ("type", "practitioner", "week"))
        return need_keys(self._desk.keys, self._clinic, sent.get("former"), patient.id, *said)


def _content(need: Need) -> tuple[str, str, str | None, str]:
    return need.patient, need.type, need.practitioner, need.week

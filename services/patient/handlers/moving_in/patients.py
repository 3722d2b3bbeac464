"""Taking over the former system's patients (PRODUCT C14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.patient.handlers.desk import Desk, Keys
from services.patient.handlers.following import telling_apart
from services.patient.handlers.moving_in.lines import (
    View,
    answered,
    arrival,
    hashes,
    hashes_of,
    lines_known,
    told_anew,
    wrong,
)
from services.patient.handlers.telling import tell_of_new, write_changed
from services.patient.handlers.views import noted_of
from services.patient.model.consent import IMPORT
from services.patient.model.moving_in import (
    CHANGED,
    DOUBTFUL,
    ERASED,
    KNOWN,
    NEW,
    NO_SUCH_PATIENT,
    WRONG,
    Arrival,
    Imported,
    Likeness,
    completed,
    likeness,
)
from services.patient.model.openings import Opening
from services.patient.model.patients import Patient, new_patient
from services.patient.store import PatientStore
from services.patient.store.patients import Number
from shared.contracts.errors import Invalid
from shared.ids import is_id, new_id
from shared.incoming.lines import Batch

_NO_NUMBER: Number = ("", "")


def import_patients(desk: Desk, clinic: str, batch: Batch) -> View:
    """Take a batch of patients over, all or none; return `{lines: [{line, outcome, patient, errors, …}]}`.

    `outcome` is `new`, `known`, `changed`, `doubtful` with `candidates` (ids) and `twins` (lines of this batch), or
    `wrong` with `errors` by field. A batch that comes again changes nothing. Nobody is sent anything. A preview names
    nobody whom only the batch would make. Raises NotFound.
    """
    document = desk.document(clinic)
    arrivals, answers = [], {}
    for line in batch.lines:
        try:
            arrivals.append(arrival(desk, clinic, document, line))
        except Invalid as refused:
            answers[line.number] = wrong(line.number, refused)
    with desk.work.snapshot() if batch.dry_run else desk.work() as store:
        register = _Register(desk, store, clinic, arrivals, to_change=not batch.dry_run)
        answers |= {each.line: register.take(each) for each in arrivals}
        if batch.dry_run:
            answers = {number: register.as_previewed(each) for number, each in answers.items()}
        else:
            register.write(store)
    return {"lines": [answers[line.number] for line in batch.lines]}


class _Register:
    """A clinic's records as far as a batch is about them, as they are by now.

    They are looked for once for the whole batch and, where they are `to_change`, kept from others until the commit.
    """

    def __init__(
        self, desk: Desk, store: PatientStore, clinic: str, arrivals: Sequence[Arrival], *, to_change: bool
    ) -> None:
        self._desk = desk
        self._clinic = clinic
        self._new: dict[str, Patient] = {}
        self._changed: dict[str, Patient] = {}
        self._linked: dict[str, Imported] = {}
        self._lines: dict[str, int] = {}
        self._known: dict[str, Patient] = {}
        self._by_number: dict[Number, str] = {}
        self._by_name: dict[str, dict[str, None]] = {}
        if to_change:
            apart = {text for each in arrivals for text in telling_apart(desk.keys, clinic, each.typed)}
            store.one_at_a_time(apart.union(*(each.found_by for each in arrivals)))
        self._imported = lines_known(store, clinic, [each.found_by for each in arrivals])
        named = {each.decided for each in arrivals if is_id(each.decided)}
        for patient in store.people(
            clinic,
            names={each.typed.name_key for each in arrivals},
            ids={*(each.subject for each in self._imported.values()), *filter(None, named)},
            numbers={number for each in arrivals for number in _numbers(desk.keys, clinic, each.fields)},
            to_change=to_change,
        ):
            self._note(desk.keys.hashed_anew(patient))

    def take(self, line: Arrival) -> View:
        """Take one line over as far as that is certain, and return its answer."""
        linked = self._linked.get(line.key) or self._imported.get(line.key)
        if linked is not None and linked.subject in self._known:
            return self._complete(line, self._known[linked.subject], linked.told)
        if line.decided == NEW:
            return self._make(line)
        if line.decided is not None:
            if line.decided not in self._known:
                return answered(line.line, WRONG, errors=NO_SUCH_PATIENT)
            return self._complete(line, self._known[line.decided], {})
        if linked is not None:
            return answered(line.line, DOUBTFUL, errors={"patient": [ERASED]}, candidates=[], twins=[])
        likely = self._likely(line)
        if same := [each for each, like in likely if like is Likeness.SAME]:
            return self._complete(line, same[0], {})
        return self._doubt(line, [each for each, _ in likely]) if likely else self._make(line)

    def as_previewed(self, answer: View) -> View:
        """Return an answer without the id of a record that will not be made."""
        return {**answer, "patient": None} if answer["patient"] in self._new else answer

    def write(self, store: PatientStore) -> None:
        """Write what was taken over, and tell of it; nothing where nothing is new."""
        desk = self._desk
        store.keep(self._new.values())
        for patient in self._new.values():
            tell_of_new(desk, store, patient)
        write_changed(desk, store, list(self._changed.values()))
        store.note_imported(self._clinic, self._linked.values(), desk.now)
        if desk.actor.kind != "service":
            kind, id = desk.actor.kind, desk.actor.id
            touched = (*self._new, *self._changed)
            store.note_openings(Opening(self._clinic, each, desk.now, kind, id, "imported") for each in touched)

    def _make(self, line: Arrival) -> View:
        owner = self._by_number.get(_number(line.fields) or _NO_NUMBER)
        if owner:  # a number is one person's, whatever staff decide
            return self._doubt(line, [self._known[owner]])
        patient = new_patient(
            line.typed,
            id=new_id(),
            clinic=self._clinic,
            number_hash=line.number_hash,
            number_sealed=line.fields.get("number_sealed"),
            origin="staff" if self._desk.actor.kind == "staff" else "api",
            now=self._desk.now,
            word=self._desk.word(IMPORT),
        )
        patient = replace(patient, scheme=line.fields.get("scheme"), note_sealed=line.fields.get("note_sealed"))
        self._new[patient.id] = patient
        self._lines[patient.id] = line.line
        self._note(patient)
        self._link(line, patient)
        return answered(line.line, NEW, patient.id)

    def _complete(self, line: Arrival, before: Patient, told: Mapping[str, str]) -> View:
        given = dict(line.fields)
        if line.note is None or line.note == noted_of(before, self._desk.keys):
            given.pop("note_sealed", None)  # the same note sealed anew is no change
        owner = self._by_number.get(_number(given) or _NO_NUMBER, before.id)
        if owner != before.id:
            return self._doubt(line, [before, self._known[owner]])
        told = told_anew(self._desk.keys, before, told)
        after = completed(before, given, told, hashes_of(self._desk.keys, before), self._desk.word(IMPORT))
        self._link(line, after)
        if after == before:
            return answered(line.line, KNOWN, before.id)
        if after.id in self._new:
            self._new[after.id] = after = replace(after, version=before.version)
        else:
            first = self._changed.get(after.id)
            self._changed[after.id] = after = replace(after, version=first.version) if first else after
        self._note(after)
        return answered(line.line, CHANGED, after.id)

    def _doubt(self, line: Arrival, candidates: Iterable[Patient]) -> View:
        """Answer with those who are in the records, and with the lines of this batch that others have come by."""
        ids = [each.id for each in candidates]
        known = [id for id in ids if id not in self._new]
        twins = [self._lines[id] for id in ids if id in self._new]
        return answered(line.line, DOUBTFUL, candidates=known, twins=twins)

    def _link(self, line: Arrival, patient: Patient) -> None:
        told = hashes(self._desk.keys, self._clinic, {**line.fields, "note_sealed": line.note})
        before = self._linked.get(line.key) or self._imported.get(line.key)
        linked = Imported(line.key, patient.id, {**(before.told if before else {}), **told})
        if linked != before:
            self._linked[line.key] = linked

    def _likely(self, line: Arrival) -> list[tuple[Patient, Likeness]]:
        """Return who it could be, the owner of its number first, then the oldest."""
        ids = dict.fromkeys(self._by_name.get(line.typed.name_key, ()))
        owner = self._by_number.get(_number(line.fields) or _NO_NUMBER)
        people = [self._known[id] for id in ({owner: None, **ids} if owner else ids)]
        found = ((each, likeness(line, each)) for each in people)
        return [(each, like) for each, like in found if like is not Likeness.OTHER]

    def _note(self, patient: Patient) -> None:
        self._known[patient.id] = patient
        if number := _number(vars(patient)):
            self._by_number[number] = patient.id
        self._by_name.setdefault(patient.name_key, {})[patient.id] = None


def _number(fields: Mapping[str, Any]) -> Number | None:
    scheme, number_hash = fields.get("scheme"), fields.get("number_hash")
    return (scheme, number_hash) if scheme and number_hash else None


def _numbers(keys: Keys, clinic: str, fields: Mapping[str, Any]) -> list[Number]:
    """Return the number that a line gives, as it is found by each of the accepted keys."""
    found = keys.every_number_hash(clinic, fields)[: len(keys.lookups)] if _number(fields) else []
    return [(fields["scheme"], hash) for hash in found if hash is not None]

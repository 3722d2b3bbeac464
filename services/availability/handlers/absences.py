"""Leave, closures and blocked times (S8): entered, changed and removed at any time; slots follow at once.

They are the document's absences, so each change is a new revision of the clinic. Who may act on a clinic at all is
settled before a handler is called; therapists act on their own calendar only (C1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from services.availability.document import ABSENCES_AT_MOST, check_one_absence
from services.availability.handlers.colliding import collisions_with, told_of
from services.availability.handlers.recording import record
from services.availability.model.current import can_be_clinic, no_such_clinic
from services.availability.model.history import ABSENCE, absence_changes
from shared.clinic.absences import absent_between
from shared.contracts.availability import SCHEDULE_CHANGED, AbsenceState
from shared.contracts.errors import Forbidden, Invalid, NotFound
from shared.ids import new_id
from shared.incoming.paging import page
from shared.incoming.repeats import KEPT, Keyed

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.store import AvailabilityStore

Absence = dict[str, Any]


class Book:
    """The absences of one clinic, held for change within a transaction."""

    def __init__(self, store: AvailabilityStore, clinic: str) -> None:
        stored = store.clinic_to_change(clinic) if can_be_clinic(clinic) else None
        if stored is None or stored.document is None:
            raise no_such_clinic()
        self._store = store
        self._stored = stored
        self.clinic = clinic
        self.revision = stored.revision
        self.document = stored.document

    @property
    def absences(self) -> list[Absence]:
        """Return all absences of the clinic."""
        found: list[Absence] = self.document["absences"]
        return found

    def find(self, id: str) -> Absence:
        """Return one absence; raise NotFound."""
        for absence in self.absences:
            if absence["id"] == id:
                return absence
        raise NotFound.because("There is no such absence.")

    def write(self, absences: list[Absence], desk: Desk, changed: Absence, *, removed: bool = False) -> None:
        """Put the new list into force, as the clinic's next revision, and tell of the one that `changed`."""
        changes = absence_changes(self.absences, absences)
        record(desk, self._store, self.clinic, self._stored, ABSENCE, changes)
        self.revision += 1
        self.document = {**self.document, "absences": absences}
        self._store.change_clinic(self.clinic, self.revision, self.document, desk.now)
        told = _state(changed, self.document, self.revision, removed=removed)
        self._store.publish(desk.event(SCHEDULE_CHANGED, self.clinic, self.clinic, self.revision, told))


def absences(desk: Desk, clinic: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the absences that touch dates from–to, both included, by their start: those that one sees."""
    rows = seen(desk, desk.clinic(clinic).document["absences"])
    found = sorted((row for row in rows if _wanted(row, query)), key=_position)
    after = query["cursor"]
    rest = [row for row in found if after is None or _position(row) > after]
    return page("absences", rest, query["limit"], show=lambda row: row, cursor=_position)


def seen(desk: Desk, rows: list[Absence]) -> list[Absence]:
    """Return those of some absences that whoever acts sees: a therapist their own, the clinic's, and those of rooms and
    devices, since the reason of a colleague's may be their health (C1)."""
    own = desk.actor.own_calendar
    return rows if own is None else [row for row in rows if row["practitioner"] in {None, own}]


def add_absence(desk: Desk, clinic: str, fields: Mapping[str, Any], key: object = None) -> dict[str, Any]:
    """Enter an absence; return its id and the first bookings that collide with it: `{id, collisions, next, count}`.

    Those three are null where booking does not answer: the absence stands all the same.
    An absence that stands already is not entered again, so that a call whose answer was lost may be repeated; with an
    idempotency `key` neither is one that was changed or removed since.
    """
    _require_own(desk, fields.get("practitioner"))
    keyed = Keyed.of(desk.keys.every_lookup, key, fields)
    with desk.work() as store:
        book = Book(store, clinic)
        absence = _read(fields, book.document)
        before = None if keyed is None else _entered_before(store, desk, clinic, keyed)
        entered = {**absence, "id": before} if before else _entered(desk, book, absence)
        if keyed is not None and before is None:
            store.keep_absence_entered(clinic, keyed.key, keyed.body_hash, entered["id"], desk.now)
    return _answer(desk, book, entered)


def _entered_before(store: AvailabilityStore, desk: Desk, clinic: str, keyed: Keyed) -> str | None:
    """Return the id of the absence that this very call has entered, or None. Raises Invalid for another body."""
    found = store.absence_entered(clinic, keyed.key, desk.now - KEPT)
    if found is None:
        return None
    body_hash, absence = found
    keyed.require_same(body_hash)
    return absence


def _entered(desk: Desk, book: Book, absence: Absence) -> Absence:
    """Return the absence as it stands now: entered, unless there is one like it."""
    twin = next((row for row in book.absences if {**row, "id": None} == absence), None)
    if twin is not None:
        return twin
    if len(book.absences) >= ABSENCES_AT_MOST:
        raise Invalid.because(f"The clinic has {ABSENCES_AT_MOST} absences; remove old ones first.")
    entered = {**absence, "id": new_id()}
    book.write([*book.absences, entered], desk, entered)
    return entered


def update_absence(desk: Desk, clinic: str, id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Replace an absence; return its id and the first bookings that collide with it now, as `add_absence` does."""
    with desk.work() as store:
        book = Book(store, clinic)
        present = book.find(id)
        _require_own(desk, present["practitioner"])
        _require_own(desk, fields.get("practitioner"))
        changed = {**_read(fields, book.document), "id": id}
        if changed != present:
            book.write([changed if row is present else row for row in book.absences], desk, changed)
    return _answer(desk, book, changed)


def remove_absence(desk: Desk, clinic: str, id: str) -> None:
    """Take an absence back; raise NotFound where there is none (any more)."""
    with desk.work() as store:
        book = Book(store, clinic)
        present = book.find(id)
        _require_own(desk, present["practitioner"])
        book.write([row for row in book.absences if row is not present], desk, present, removed=True)
    desk.revisions.announce(clinic, book.revision)


def check_absence(desk: Desk, clinic: str, fields: Mapping[str, Any], paging: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the bookings that an absence would meet: `{collisions, next, count}`; nothing is entered."""
    _require_own(desk, fields.get("practitioner"))
    document = desk.clinic(clinic).document
    return collisions_with(desk, document, [_read(fields, document)], **paging)


def _answer(desk: Desk, book: Book, absence: Absence) -> dict[str, Any]:
    """Announce the revision, then ask what collides: after the commit, so that nothing slips in between."""
    desk.revisions.announce(book.clinic, book.revision)
    return {"id": absence["id"], **told_of(desk, book.document, [absence])}


def _state(absence: Absence, document: Mapping[str, Any], revision: int, *, removed: bool) -> AbsenceState:
    """Return what is told of an absence: not its reason, which may be somebody's health, nor the whole document."""
    start, end = absent_between(absence, ZoneInfo(document["time_zone"]))
    return AbsenceState(
        revision=revision,
        absence=absence["id"],
        practitioner=absence["practitioner"],
        resource=absence["resource"],
        start=start,
        end=end,
        removed=removed,
    )


def _read(fields: Mapping[str, Any], document: dict[str, Any]) -> Absence:
    checked = check_one_absence(fields, document)
    errors = {problem.path: [problem.message] for problem in checked.problems}
    if "id" in fields:
        errors["id"] = ["An absence gets its id here; leave it out."]
    if errors:
        raise Invalid.because("The absence has errors.", errors=errors)
    return checked.document


def _require_own(desk: Desk, practitioner: object) -> None:
    """Refuse therapists who act on another calendar than their own (C1)."""
    if desk.actor.own_calendar not in {None, practitioner}:
        raise Forbidden.because("Therapists enter and change absences of their own calendar only.")


def _wanted(absence: Absence, query: Mapping[str, Any]) -> bool:
    first, last = query["first"], query["last"]
    return (
        (first is None or absence["to"][:10] >= first.isoformat())
        and (last is None or absence["from"][:10] <= last.isoformat())
        and query["practitioner"] in {None, absence["practitioner"]}
        and query["resource"] in {None, absence["resource"]}
    )


def _position(absence: Absence) -> str:
    return f"{absence['from']}~{absence['id']}"

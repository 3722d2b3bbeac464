"""Leave, closures and blocked times (S8): entered, changed and removed at any time; slots follow at once.

They are the document's absences, so each change is a new revision of the clinic. Who may act on a clinic at all is
settled before a handler is called; therapists act on their own calendar only (C1).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from services.availability.document import ABSENCES_AT_MOST, check_one_absence
from services.availability.handlers.set_up import Announces, Cause, changed_event
from services.availability.model.current import CurrentClinics, can_be_clinic, no_such_clinic
from shared.actor import Actor
from shared.clinic.absences import absent_between
from shared.contracts.availability import SCHEDULE_CHANGED
from shared.contracts.errors import Forbidden, Invalid, NotFound

if TYPE_CHECKING:
    from services.availability.store import AvailabilityStore
    from shared.bus.events.unit_of_work import UnitOfWork

    Work = UnitOfWork[AvailabilityStore]

Absence = dict[str, Any]


class Bookings(Protocol):
    """The booking service, as far as absences ask it."""

    def collisions(self, clinic: str, **fields: Any) -> list[dict[str, Any]]:
        """Return the bookings of a practitioner or resource (or of the clinic) between two UTC moments."""
        ...


class Book:
    """The absences of one clinic, held for change within a transaction."""

    def __init__(self, store: AvailabilityStore, clinic: str) -> None:
        stored = store.clinic_to_change(clinic) if can_be_clinic(clinic) else None
        if stored is None or stored.document is None:
            raise no_such_clinic()
        self._store = store
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

    def write(self, absences: list[Absence], cause: Cause) -> None:
        """Put the new list into force, as the clinic's next revision."""
        self.revision += 1
        self.document = {**self.document, "absences": absences}
        self._store.change_clinic(self.clinic, self.revision, self.document, cause.at)
        self._store.publish(changed_event(SCHEDULE_CHANGED, self.clinic, self.revision, self.document, cause))


def absences(work: Work, known: CurrentClinics, clinic: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the absences that touch dates from–to, both included, by their start."""
    with work.reading() as store:
        document = known.get(store, clinic).document
    found = sorted((row for row in document["absences"] if _wanted(row, query)), key=_position)
    after = query["cursor"]
    rest = [row for row in found if after is None or _position(row) > after]
    page = rest[: query["limit"]]
    return {"absences": page, "next": _position(page[-1]) if len(rest) > len(page) else None}


def add_absence(
    work: Work, revisions: Announces, bookings: Bookings, clinic: str, fields: Mapping[str, Any], cause: Cause
) -> dict[str, Any]:
    """Enter an absence; return its id and the bookings that collide with it.

    An absence that stands already is not entered again, so that a call whose answer was lost may be repeated.
    """
    _require_own(cause.actor, fields.get("practitioner"))
    with work() as store:
        book = Book(store, clinic)
        absence = _read(fields, book.document)
        twin = next((row for row in book.absences if {**row, "id": None} == absence), None)
        entered = twin or {**absence, "id": uuid.uuid4().hex}
        if twin is None:
            if len(book.absences) >= ABSENCES_AT_MOST:
                raise Invalid.because(f"The clinic has {ABSENCES_AT_MOST} absences; remove old ones first.")
            book.write([*book.absences, entered], cause)
    return _answer(book, entered, revisions, bookings)


def update_absence(
    work: Work,
    revisions: Announces,
    bookings: Bookings,
    clinic: str,
    id: str,
    fields: Mapping[str, Any],
    cause: Cause,
) -> dict[str, Any]:
    """Replace an absence; return its id and the bookings that collide with it now."""
    with work() as store:
        book = Book(store, clinic)
        present = book.find(id)
        _require_own(cause.actor, present["practitioner"])
        _require_own(cause.actor, fields.get("practitioner"))
        changed = {**_read(fields, book.document), "id": id}
        if changed != present:
            book.write([changed if row is present else row for row in book.absences], cause)
    return _answer(book, changed, revisions, bookings)


def remove_absence(work: Work, revisions: Announces, clinic: str, id: str, cause: Cause) -> None:
    """Take an absence back; raise NotFound where there is none (any more)."""
    with work() as store:
        book = Book(store, clinic)
        present = book.find(id)
        _require_own(cause.actor, present["practitioner"])
        book.write([row for row in book.absences if row is not present], cause)
    revisions.announce(clinic, book.revision)


def _answer(book: Book, absence: Absence, revisions: Announces, bookings: Bookings) -> dict[str, Any]:
    """Announce the revision, then ask what collides: after the commit, so that nothing slips in between."""
    revisions.announce(book.clinic, book.revision)
    start, end = absent_between(absence, ZoneInfo(book.document["time_zone"]))
    whose = {name: absence[name] for name in ("practitioner", "resource") if absence[name]}
    fields = {**whose, "from": start.isoformat(), "to": end.isoformat()}
    return {"id": absence["id"], "collisions": bookings.collisions(book.clinic, **fields)}


def _read(fields: Mapping[str, Any], document: dict[str, Any]) -> Absence:
    checked = check_one_absence(fields, document)
    errors = {problem.path: [problem.message] for problem in checked.problems}
    if "id" in fields:
        errors["id"] = ["An absence gets its id here; leave it out."]
    if errors:
        raise Invalid.because("The absence has errors.", errors=errors)
    return checked.document


def _require_own(actor: Actor, practitioner: object) -> None:
    """Refuse therapists who act on another calendar than their own (C1)."""
    if actor.kind == "staff" and actor.role != "administrator" and practitioner != (actor.practitioner or ""):
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

"""All that stands in the way of an absence is dealt with at once: moved, or left to its patients (PRODUCT C12)."""

from functools import partial
from typing import TYPE_CHECKING, Any

from services.booking.handlers import views
from services.booking.handlers.absences.finding import Absence, find_absence, met
from services.booking.handlers.absences.offering import reach
from services.booking.handlers.bookings.changing import rebook_by_staff
from services.booking.handlers.desk import Desk
from services.booking.handlers.opening import staff_booking
from services.booking.handlers.recording import record
from services.booking.model import changes
from services.booking.model.bookings import Booking
from services.booking.model.requests import AbsenceMove, ChangeRequest, ResolveRequest
from shared.contracts.errors import Invalid, NotChangeable, Refusal
from shared.ids import new_id
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.booking.store import BookingStore

View = dict[str, Any]

MOVED, INVITED = "moved", "invited"


def resolve_collisions(desk: Desk, clinic: str, id: str, request: ResolveRequest) -> View:
    """Move bookings, and ask the patients of others to choose another time, each by itself (PRODUCT C12).

    Returns `{results: [{reference, done, booking, refusal}], open}`: `done` is `moved`, `invited` or null, then
    `refusal` says why as a problem does: `{code, detail, …}`. `open` is how many bookings still stand in the way;
    those are on the watch list. Moves are as staff move. Raises NotFound or Forbidden of the absence, or Invalid.
    """
    absence = find_absence(desk, clinic, id)
    results = [_result(move.reference, MOVED, partial(_move, desk, absence, move)) for move in request.move]
    results += [
        _result(reference, INVITED, partial(_invite, desk, absence, reference, request.text))
        for reference in request.invite
    ]
    return {"results": results, "open": desk.transaction(lambda store: _watch(store, desk, absence))}


def _result(reference: str, done: str, act: "Callable[[], View]") -> View:
    try:
        return {"reference": reference, "done": done, "booking": act(), "refusal": None}
    except Refusal as refused:
        why = {"code": refused.code, "detail": refused.detail, **refused.extra}
        return {"reference": reference, "done": None, "booking": None, "refusal": why}


def _move(desk: Desk, absence: Absence, move: AbsenceMove) -> View:
    change = ChangeRequest(start=move.start, practitioner=move.practitioner, version=move.version)
    return rebook_by_staff(desk, absence.rules.clinic, move.reference, Unread({}, lambda _: change))


def _invite(desk: Desk, absence: Absence, reference: str, words: str | None) -> View:
    """Let the patient choose another time by the booking's link; return the booking.

    Refuses what does not stand in the way, what no link could move, and whom no message reaches: those are called.
    """
    booking, rules = staff_booking(desk, absence.rules.clinic, reference)
    rules.require_on("rebook")
    if not rules.has_takers(booking.type):
        raise NotChangeable.because("Nobody takes this type of appointment online.")
    if not reach(desk, absence, booking):
        raise _wrong("No message reaches this patient; call them.")

    def invite(store: "BookingStore") -> Booking:
        present = store.booking(reference, for_change=True)
        if present is None or not absence.is_met_by(present, desk):
            raise _wrong("The booking does not stand in the way any more.")
        desk.require_calendar(present.practitioner)
        person = {**desk.keys.people.open(present.person), "invitation": words}
        change = changes.invite(present, absence.id, desk.keys.people.seal(person), words, rules)
        store.watch_for_absence(present.clinic, {reference: new_id()}, absence.id, desk.now)
        return record(store, desk, change)

    return views.for_staff(desk, desk.transaction(invite), rules)


def _wrong(sentence: str) -> Exception:
    return Invalid.because(sentence, errors={"invite": [sentence]})


def _watch(store: "BookingStore", desk: Desk, absence: Absence) -> int:
    """Put what still stands in the way on the watch list; return how many that are."""
    references = met(store, desk, absence)
    ids = {reference: new_id() for reference in references}
    store.watch_for_absence(absence.rules.clinic, ids, absence.id, desk.now)
    store.note_absence(references, absence.id)
    return len(references)

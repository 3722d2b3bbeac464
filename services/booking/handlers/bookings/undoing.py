"""Staff take back a move or cancellation within a minute; its old time stays theirs until then (PRODUCT C10)."""

import secrets
from typing import TYPE_CHECKING, Any

from services.booking.handlers import views
from services.booking.handlers.desk import Desk
from services.booking.handlers.opening import staff_booking
from services.booking.handlers.recording import publish, record
from services.booking.model import changes
from services.booking.model.bookings import CANCELLED, Booking
from services.booking.model.changes import Change
from services.booking.model.holds import Hold, held, released
from services.booking.model.undo import Before, Telling, Undo, cannot_be_undone, left_over, undo_until
from shared.contracts.booking import Tell
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from services.booking.store import BookingStore

FORGOTTEN_AT_ONCE = 200


def telling(desk: Desk, present: Booking, tell: Tell) -> Telling:
    """Return what is said of a change that is about to be made to a booking; what tools change stands at once."""
    if desk.actor.kind != "staff":
        return Telling(tell)
    version, hold = present.version + 1, secrets.token_urlsafe(16)
    return Telling(tell, Undo(version, desk.actor.brief(), hold, undo_until(desk.now), changes.before(present)))


def keep_place(store: "BookingStore", desk: Desk, change: Change) -> None:
    """Keep from others, by a hold, the time that a booking has just left, where it may come back to it."""
    after = change.after
    if after.undo is None:
        return
    place, kept = after.undo.before, _hold(after.clinic, after.undo)
    store.add_hold(kept)
    now_taken = () if after.status == CANCELLED else after.occupied()
    old, new = (place.busy_from, place.busy_to), (after.busy_from, after.busy_to)
    shared = [key for key in place.occupied() if key in now_taken]
    left = [key for key in place.occupied() if key not in now_taken]
    for keys, parts in ((left, [old]), (shared, left_over(old, new))):
        for start, end in parts:
            store.occupy(after.clinic, keys, start, end, hold=kept.id, expires_at=kept.expires_at)
    publish(store, desk, held(kept))


def give_place_back(store: "BookingStore", desk: Desk, present: Booking) -> bool:
    """End what was kept for a booking, which comes back there, or changes once more; tell whether it still was."""
    ended = [] if present.undo is None else store.release_holds([present.undo.hold])
    publish(store, desk, *map(released, ended))
    return bool(ended)


def undo(desk: Desk, clinic: str, reference: str, unread: Unread[int]) -> dict[str, Any]:
    """Take back the move or cancellation that made a version; return the booking as it was before (PRODUCT C10).

    Raises Forbidden, NotFound, Invalid, ChangedMeanwhile or TooLate.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    version = unread.read()

    def take_back(store: "BookingStore") -> Booking:
        present = store.present(booking.reference)
        person = {**desk.keys.people.open(present.person), "comment": None}
        sealed = desk.keys.people.seal(person)
        change = changes.undo(present, desk.actor.brief(), version, desk.now, sealed, rules)
        back = change.after
        store.lock(clinic, {*present.occupied(), *back.occupied()})
        if not give_place_back(store, desk, present):  # who may undo it has given the time away at this very moment
            raise cannot_be_undone()
        store.free_booking(reference)
        store.occupy(clinic, back.occupied(), back.busy_from, back.busy_to, booking=reference)
        return record(store, desk, change)

    return views.for_staff(desk, desk.transaction(take_back), rules)


def forget(desk: Desk) -> None:
    """Forget by what changes are taken back that can be no more; their time is free by its hold's end."""
    desk.transaction(lambda store: store.forget_undo(desk.now, FORGOTTEN_AT_ONCE))


def _hold(clinic: str, undo: Undo) -> Hold:
    place: Before = undo.before
    return Hold(
        id=undo.hold,
        clinic=clinic,
        state="held",
        type=place.type,
        practitioner=place.practitioner,
        any_practitioner=False,
        resources=place.resources,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        busy_from=place.busy_from,
        busy_to=place.busy_to,
        minutes=place.minutes,
        revision=place.revision,
        expires_at=undo.until,
    )

"""What staff note at the desk: who has arrived, who did not come, and what is for themselves alone (PRODUCT C9)."""

from typing import TYPE_CHECKING, Any

from services.booking.handlers import views
from services.booking.handlers.desk import Desk
from services.booking.handlers.opening import staff_booking
from services.booking.handlers.recording import record
from services.booking.model import changes
from services.booking.model.bookings import MISSED, Booking
from services.booking.model.requests import NoteRequest
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from services.booking.store import BookingStore

View = dict[str, Any]


def arrived(desk: Desk, clinic: str, reference: str, unread: Unread[bool]) -> View:
    """Note that the patient is there, or take that back; return the booking.

    Raises Forbidden, NotFound, AlreadyCancelled, or Invalid of one who was missed and before the appointment's day.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    on = unread.read()

    def arrive(store: "BookingStore") -> Booking:
        present = store.present(booking.reference)
        if (present.arrived_at is not None) == on:
            return present
        return record(store, desk, changes.arrive(present, desk.now, rules, on=on))

    return views.for_staff(desk, desk.transaction(arrive), rules)


def mark_no_show(desk: Desk, clinic: str, reference: str, unread: Unread[bool]) -> View:
    """Note that the patient did not come, or take that back; return the booking.

    Raises Forbidden, NotFound, AlreadyCancelled, or Invalid before the appointment has begun.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    on = unread.read()

    def miss(store: "BookingStore") -> Booking:
        present = store.present(booking.reference)
        if (present.status == MISSED) == on:
            return present
        change = changes.miss(present, desk.now, rules) if on else changes.take_back_miss(present, rules)
        return record(store, desk, change)

    return views.for_staff(desk, desk.transaction(miss), rules)


def note(desk: Desk, clinic: str, reference: str, unread: Unread[NoteRequest]) -> View:
    """Write what staff note for themselves of a booking; an empty text takes it away. Return the booking.

    Raises Forbidden, NotFound, Invalid or ChangedMeanwhile.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    request = unread.read()

    def write(store: "BookingStore") -> Booking:
        present = store.present(booking.reference)
        if views.note_of(desk, present) == (request.text or None):
            return present
        present.require_version(request.version)
        sealed = desk.keys.people.seal(request.text) if request.text else None
        return record(store, desk, changes.note(present, request.text, sealed, rules))

    return views.for_staff(desk, desk.transaction(write), rules)

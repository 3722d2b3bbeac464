"""Moving, changing and cancelling (PRODUCT M1 to M6): by the patient's link, or by staff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.booking.handlers import recall_codes, views
from services.booking.handlers.alternatives import Sought, offering_alternatives
from services.booking.handlers.bookings.undoing import give_place_back, keep_place, telling
from services.booking.handlers.checking import known_practitioner, known_type, who_could_take
from services.booking.handlers.desk import Desk
from services.booking.handlers.opening import open_booking, staff_booking
from services.booking.handlers.recording import record
from services.booking.handlers.taking import find_free
from services.booking.model import changes
from services.booking.model.bookings import Booking
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from services.booking.model.deadlines import require_may
from services.booking.model.requests import CancelRequest, ChangeRequest, NewLinkRequest
from services.booking.model.undo import ORDINARY
from shared.clinic.starts.candidates import Candidate
from shared.contracts.booking import Tell
from shared.contracts.errors import ChangedMeanwhile, Invalid
from shared.incoming.unread import Unread

if TYPE_CHECKING:
    from services.booking.store import BookingStore

View = dict[str, Any]


Place = tuple[datetime, str | None, str, int | None]
"""When, with whom (None: anybody), of what type and how long (minutes; None: as the type takes) a booking is."""


@dataclass(frozen=True)
class Move:
    """A booking on its way to another place; `still_may` and `is_as_seen` refuse what has become wrong by the commit.

    The latter is not asked where the booking stands there already. `tell` is whom staff let know; None: it is no change
    of theirs, of which all are told.
    """

    booking: Booking
    rules: ClinicRules
    sought: Sought
    to: Place
    still_may: Callable[[Booking], None]
    is_as_seen: Callable[[Booking], None]
    outside_plan: bool = False
    tell: Tell | None = None

    @property
    def by_staff(self) -> bool:
        """Whether staff make it, over every rule but overlap."""
        return self.tell is not None


def rebook_by_link(desk: Desk, token: str, unread: Unread[ChangeRequest]) -> View:
    """Move a booking to another start of the same practitioner, type and length; return it as its patient sees it.

    Who was invited to choose another time may choose among all who take the type (PRODUCT C12).
    With it goes what may be done with it from now on: a new start may be so near that nothing is left (M6).
    Raises, in this order: NotFound, Gone, BookingOff, FunctionOff, Invalid, AlreadyCancelled, NotChangeable, TooLate,
    ChangedMeanwhile, then of the time SlotNotOffered, SlotTaken or SlotHeld. Moving to the present start changes
    nothing, whatever version was in view (CONTRACTS 1): so does who repeats a move that was done.
    """
    booking, rules = open_booking(desk, token)
    rules.require_on("rebook")
    request = unread.read()
    start = request.start
    if start is None:
        raise Invalid.because("Enter the new start.", errors={"start": ["This is required."]})
    require_may("rebook", booking, rules, desk.now)
    type = known_type(rules, booking.type, by_staff=True)
    practitioner = _moved_to(booking, rules, type, request.practitioner)
    if (start, practitioner) == (booking.starts_at, booking.practitioner):
        return views.changed_by_patient(desk, booking, rules)
    booking.require_version(request.version)

    def still_may(present: Booking) -> None:
        require_may("rebook", present, rules, desk.now)
        _require_same_link(booking, present)

    def is_as_seen(present: Booking) -> None:
        present.require_version(request.version)
        _require_same_appointment(booking, present)

    move = Move(
        booking,
        rules,
        Sought(type, start, practitioner, booking, booking.reference),
        to=(start, practitioner, booking.type, booking.minutes),
        still_may=still_may,
        is_as_seen=is_as_seen,
    )
    return views.changed_by_patient(desk, _move(desk, move), rules)


def rebook_by_staff(desk: Desk, clinic: str, reference: str, unread: Unread[ChangeRequest]) -> View:
    """Move or change a booking; return it as staff see it. Staff override every rule but overlap.

    Raises Forbidden, NotFound, Invalid, ChangedMeanwhile, AlreadyCancelled, SlotNotOffered (outside any block
    without `outside_plan`), SlotTaken or SlotHeld.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    request = unread.read()
    type = known_type(rules, request.type or booking.type, by_staff=True)
    practitioner = known_practitioner(rules, type, request.practitioner, by_staff=True) or booking.practitioner
    desk.require_calendar(practitioner)
    booking.require_version(request.version)
    booking.require_standing()
    minutes = request.minutes or (booking.minutes if type.key == booking.type else None)
    start = request.start or booking.starts_at
    to = (start, practitioner, type.key, minutes)
    if to == _place(booking):
        return views.for_staff(desk, booking, rules)
    move = Move(
        booking,
        rules,
        Sought(type, start, practitioner, own_booking=booking.reference, minutes=minutes),
        to,
        still_may=Booking.require_standing,
        is_as_seen=lambda present: present.require_version(booking.version),
        outside_plan=request.outside_plan,
        tell=request.tell,
    )
    return views.for_staff(desk, _move(desk, move), rules)


def cancel_by_link(desk: Desk, token: str, unread: Unread[CancelRequest]) -> View:
    """Cancel a booking with an optional comment; return it as its patient sees it (PRODUCT M5).

    Raises NotFound, Gone, BookingOff, FunctionOff, Invalid, AlreadyCancelled, NotChangeable, TooLate or
    ChangedMeanwhile.
    """
    booking, rules = open_booking(desk, token)
    rules.require_on("cancel")
    request = unread.read()

    def guard(present: Booking) -> None:
        require_may("cancel", present, rules, desk.now)
        present.require_version(request.version)
        _require_same_link(booking, present)

    return views.changed_by_patient(desk, _cancel(desk, booking, rules, request, guard), rules)


def cancel_by_staff(desk: Desk, clinic: str, reference: str, unread: Unread[CancelRequest]) -> View:
    """Cancel a booking; return it as staff see it.

    Raises Forbidden, NotFound, Invalid, AlreadyCancelled or ChangedMeanwhile.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    request = unread.read()

    def guard(present: Booking) -> None:
        present.require_standing()
        present.require_version(request.version)
        desk.require_calendar(present.practitioner)

    return views.for_staff(desk, _cancel(desk, booking, rules, request, guard, request.tell), rules)


def set_sms_reminder(desk: Desk, clinic: str, reference: str, unread: Unread[bool]) -> View:
    """Switch the SMS reminder of one booking on or off; return the booking (PRODUCT N3)."""
    booking, rules = staff_booking(desk, clinic, reference)
    on = unread.read()

    def switch(store: "BookingStore") -> Booking:
        present = store.present(booking.reference)
        if present.sms_reminder == on:
            return present
        return record(store, desk, changes.switch_sms_reminder(present, on, rules))

    return views.for_staff(desk, desk.transaction(switch), rules)


def new_link(desk: Desk, clinic: str, reference: str, unread: Unread[NewLinkRequest]) -> View:
    """Make the links of a booking void, and the recall codes that open it; return it with its new one (PRODUCT C13).

    Raises Forbidden, NotFound, Invalid or ChangedMeanwhile.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    request = unread.read()

    def renew(store: "BookingStore") -> Booking:
        present = store.present(booking.reference)
        present.require_version(request.version)
        recall_codes.renew(store, desk, rules, present)
        return record(store, desk, changes.renew_link(present, desk.now, rules, send=request.send))

    renewed = desk.transaction(renew)
    return {**views.for_staff(desk, renewed, rules), **desk.link(renewed.reference, renewed.epoch)}


def _move(desk: Desk, move: Move) -> Booking:
    """Free the old time and take the new one in one transaction: a failed move leaves all as it was (PRODUCT M4)."""
    rules = move.rules
    with offering_alternatives(desk, rules, move.sought):
        if not move.by_staff:
            rules.require_open_window(desk.now)
        candidates = who_could_take(
            rules, move.sought, desk.now, by_staff=move.by_staff, outside_plan=move.outside_plan
        )

        def change(store: "BookingStore") -> Booking:
            present = store.present(move.booking.reference)
            move.still_may(present)
            if _place(present) == move.to:
                return present
            move.is_as_seen(present)
            return _take(store, desk, move, present, candidates)

        return desk.transaction(change)


def _take(store: "BookingStore", desk: Desk, move: Move, present: Booking, candidates: list[Candidate]) -> Booking:
    kept = present.undo.hold if present.undo else None
    taken = find_free(store, desk, present.clinic, candidates, own_hold=kept, own_booking=present.reference)
    told = ORDINARY if move.tell is None else telling(desk, present, move.tell)
    change = changes.move(present, taken, move.sought.type.key, move.rules, told)
    moved = change.after
    give_place_back(store, desk, present)
    store.free_booking(present.reference)
    store.occupy(moved.clinic, moved.occupied(), moved.busy_from, moved.busy_to, booking=moved.reference)
    keep_place(store, desk, change)
    return record(store, desk, change)


def _cancel(
    desk: Desk,
    booking: Booking,
    rules: ClinicRules,
    request: CancelRequest,
    guard: Callable[[Booking], None],
    tell: Tell | None = None,
) -> Booking:
    """Cancel a booking; `tell` is whom staff let know, None where it is no change of theirs."""
    guard(booking)

    def cancel(store: "BookingStore") -> Booking:
        present = store.present(booking.reference)
        guard(present)
        person = {**desk.keys.people.open(present.person), "comment": request.comment}
        told = ORDINARY if tell is None else telling(desk, present, tell)
        change = changes.cancel(present, desk.keys.people.seal(person), rules, request.comment, told)
        give_place_back(store, desk, present)
        store.free_booking(present.reference)
        keep_place(store, desk, change)
        return record(store, desk, change)

    return desk.transaction(cancel)


def _moved_to(booking: Booking, rules: ClinicRules, type: TypeRules, wanted: str | None) -> str | None:
    """Return with whom the patient will have the booking: as now, or as they wish where they were invited to choose."""
    if booking.invited:
        return known_practitioner(rules, type, wanted, by_staff=False)
    if wanted not in {None, booking.practitioner}:
        text = "Only the time can be changed, not the practitioner."
        raise Invalid.because(text, errors={"practitioner": [text]})
    return booking.practitioner


def _place(booking: Booking) -> Place:
    return booking.starts_at, booking.practitioner, booking.type, booking.minutes


def _require_same_appointment(seen: Booking, present: Booking) -> None:
    """Refuse to move what staff have made another appointment of since it was asked where that may be."""
    if _place(seen)[1:] != _place(present)[1:]:
        raise ChangedMeanwhile.because("The appointment has become another one; look at it again.")


def _require_same_link(seen: Booking, present: Booking) -> None:
    """Refuse a change by a link that was made void since it was opened."""
    if seen.epoch != present.epoch:
        raise ChangedMeanwhile.because("The link has become void; look at the booking again.")

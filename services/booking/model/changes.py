"""How bookings come to be and change: each change guards, refuses, and returns what it leaves behind (PRODUCT M4).

That is the booking's new state, what its history notes, and the event that others hear; the handlers record all three
in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.booking.model.bookings import BOOKED, CANCELLED, MISSED, Booking
from services.booking.model.choosing import Taken
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Changes, Entry, differences
from services.booking.model.occurrences import Occurrence
from shared.contracts.booking import (
    BOOKING_CANCELLED,
    BOOKING_CHANGED,
    BOOKING_CREATED,
    BOOKING_MISSED,
    BOOKING_MOVED,
    LINK_RENEWED,
    MOVE_INVITED,
    Appointment,
    BookingState,
    RenewedLink,
)
from shared.contracts.errors import Invalid
from shared.contracts.plain import plain, read

_TOLD = {"type", "practitioner", "start", "minutes"}
"""What people are told of, where it is another."""
_ENDED = {CANCELLED: BOOKING_CANCELLED, MISSED: BOOKING_MISSED}


@dataclass(frozen=True)
class Change:
    """A booking before (None where it is new) and after, and the event that this causes.

    `written` is what somebody wrote on the occasion, by name: its history keeps that sealed.
    """

    before: Booking | None
    after: Booking
    event: Occurrence
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def noted(self) -> Changes:
        """What the booking's history notes: nothing personal."""
        noted = differences({} if self.before is None else _noted(self.before), _noted(self.after))
        if self.before is None or self.before.epoch == self.after.epoch:
            return noted
        return {**noted, "epoch": [self.before.epoch, self.after.epoch]}


def create(booking: Booking, rules: ClinicRules) -> Change:
    """Let a new booking come to be."""
    return _change(BOOKING_CREATED, None, booking, rules)


def move(booking: Booking, taken: Taken, type: str, rules: ClinicRules) -> Change:
    """Move or change a booking to a time that was found free by these rules (PRODUCT M4).

    Where whom, what or how long is another, it has changed; else only its time has moved.
    """
    new = taken.candidate
    moved = replace(
        booking,
        type=type,
        practitioner=new.practitioner,
        starts_at=new.start,
        ends_at=new.end,
        busy_from=new.busy_from,
        busy_to=new.busy_to,
        minutes=new.minutes,
        resources=taken.resources,
        revision=rules.revision,
        version=booking.version + 1,
    )
    if (booking.practitioner, booking.starts_at) != (moved.practitioner, moved.starts_at):
        moved = replace(moved, absence=None, invited=False)
    same = (booking.practitioner, booking.type, booking.minutes) == (moved.practitioner, moved.type, moved.minutes)
    return _change(BOOKING_MOVED if same else BOOKING_CHANGED, booking, moved, rules)


def cancel(booking: Booking, person: str, rules: ClinicRules, comment: str | None = None) -> Change:
    """Cancel a booking, perhaps with a comment, which the sealed `person` holds as well (PRODUCT M5).

    Raises AlreadyCancelled or Invalid.
    """
    booking.require_standing()
    cancelled = replace(
        booking, status=CANCELLED, person=person, absence=None, invited=False, version=booking.version + 1
    )
    change = _change(BOOKING_CANCELLED, booking, cancelled, rules)
    return replace(change, written={"comment": comment} if comment else {})


def miss(booking: Booking, now: datetime, rules: ClinicRules) -> Change:
    """Note that the patient did not come. Raises AlreadyCancelled, or Invalid before the appointment has begun."""
    booking.require_standing()
    if now < booking.starts_at:
        text = "The appointment has not begun yet."
        raise Invalid.because(text, errors={"status": [text]})
    return _change(BOOKING_MISSED, booking, replace(booking, status=MISSED, version=booking.version + 1), rules)


def switch_sms_reminder(booking: Booking, on: bool, rules: ClinicRules) -> Change:
    """Switch the SMS reminder on or off (PRODUCT N3). Raises AlreadyCancelled or Invalid."""
    booking.require_standing()
    switched = replace(booking, sms_reminder=on, version=booking.version + 1)
    return _change(BOOKING_CHANGED, booking, switched, rules)


def renew_link(booking: Booking, now: datetime, rules: ClinicRules, *, send: bool) -> Change:
    """Make the links void that were given out so far, whatever has become of the booking (PRODUCT C13).

    The new one is sent only of what is still to come.
    """
    renewed = replace(booking, epoch=booking.epoch + 1, version=booking.version + 1)
    to_come = booking.status == BOOKED and booking.starts_at > now
    change = _change(LINK_RENEWED, booking, renewed, rules)
    told = RenewedLink(**vars(change.event.data), send=send and to_come)
    return replace(change, event=replace(change.event, data=told))


def invite(booking: Booking, absence: str, person: str, words: str | None, rules: ClinicRules) -> Change:
    """Let the patient choose another time than the one that an absence has made impossible (PRODUCT C12).

    The sealed `person` holds the clinic's `words` as well. Raises AlreadyCancelled or Invalid.
    """
    booking.require_standing()
    invited = replace(booking, absence=absence, invited=True, person=person, version=booking.version + 1)
    change = _change(MOVE_INVITED, booking, invited, rules)
    return replace(change, written={"invitation": words} if words else {})


def confirm(booking: Booking, person: str, rules: ClinicRules) -> Change:
    """Note what the clinic has confirmed of its patient's addresses; `person` is sealed. Nobody is told of it."""
    return _change(BOOKING_CHANGED, booking, replace(booking, person=person, version=booking.version + 1), rules)


def is_news(entry: Entry) -> bool:
    """Tell whether an entry of a history is a change of which people are told (PRODUCT N2)."""
    if entry.type in (BOOKING_MOVED, BOOKING_CHANGED):
        return not _TOLD.isdisjoint(entry.changes)
    return entry.type in (BOOKING_CREATED, BOOKING_CANCELLED, MOVE_INVITED)


def retold(booking: Booking, newest: Entry | None, rules: ClinicRules) -> Occurrence:
    """Return what a booking's newest change would tell today; `newest` is the entry of the last that was news."""
    moved = newest is not None and newest.type in (BOOKING_MOVED, BOOKING_CHANGED)
    told_again = newest is not None and (moved or newest.type == MOVE_INVITED)
    type = _ENDED.get(booking.status) or (newest.type if newest is not None and told_again else BOOKING_CREATED)
    now = plain(_appointment(booking))
    earlier = None
    if newest is not None and moved and booking.status == BOOKED:
        earlier = read(Appointment, {**now, **{name: pair[0] for name, pair in newest.changes.items() if name in now}})
    state = _state(earlier, booking, rules)
    return Occurrence(type, booking.clinic, booking.reference, booking.version, state)


def _change(type: str, before: Booking | None, after: Booking, rules: ClinicRules) -> Change:
    state = _state(None if before is None else _appointment(before), after, rules)
    return Change(before, after, Occurrence(type, after.clinic, after.reference, after.version, state))


def _state(earlier: Appointment | None, after: Booking, rules: ClinicRules) -> BookingState:
    now = _appointment(after)
    return BookingState(
        **vars(now),
        reference=after.reference,
        status=after.status,
        origin=after.origin,
        busy_from=after.busy_from,
        busy_to=after.busy_to,
        hold=after.hold,
        need=after.need,
        language=after.language,
        sms_reminder=after.sms_reminder,
        epoch=after.epoch,
        changeable=after.invited or rules.patient_may_change(after.origin),
        created_at=after.created_at,
        version=after.version,
        previous=None if earlier == now else earlier,
        invited=after.invited,
        person=after.person,
    )


def _noted(booking: Booking) -> dict[str, Any]:
    return {
        "status": booking.status,
        **plain(_appointment(booking)),
        "need": booking.need,
        "sms_reminder": booking.sms_reminder,
    }


def _appointment(booking: Booking) -> Appointment:
    return Appointment(
        type=booking.type,
        practitioner=booking.practitioner,
        start=booking.starts_at,
        end=booking.ends_at,
        minutes=booking.minutes,
        resources=booking.resources,
    )

"""How bookings come to be and change: each change guards, refuses, and returns what it leaves behind (PRODUCT M4).

That is the booking's new state, what its history notes, and the event that others hear; the handlers record all three
in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from services.booking.model.bookings import BOOKED, CANCELLED, MISSED, Booking
from services.booking.model.choosing import Taken
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Changes, Entry, Occurrence, differences
from services.booking.model.undo import IMPORTED, ORDINARY, Before, Telling, cannot_be_undone
from shared.contracts.booking import (
    BOOKING_ARRIVED,
    BOOKING_CANCELLED,
    BOOKING_CHANGED,
    BOOKING_CREATED,
    BOOKING_MISSED,
    BOOKING_MOVED,
    BOOKING_NOTED,
    BOOKING_RESTORED,
    LINK_RENEWED,
    MOVE_INVITED,
    Appointment,
    BookingState,
    RenewedLink,
)
from shared.contracts.errors import Forbidden, Invalid
from shared.contracts.plain import plain, read

_TOLD = {"type", "practitioner", "start", "minutes"}
"""What people are told of, where it is another."""
_ENDED = {CANCELLED: BOOKING_CANCELLED, MISSED: BOOKING_MISSED}
_ANEW = (BOOKING_MOVED, BOOKING_CHANGED, BOOKING_RESTORED, MOVE_INVITED)
"""Changes of which a booking that stands tells as of its newest."""


@dataclass(frozen=True)
class Change:
    """A booking before (None where it is new) and after, and the event that this causes.

    `written` is what somebody wrote on the occasion, by name: its history keeps that sealed.
    """

    before: Booking | None
    after: Booking
    event: Occurrence
    written: Mapping[str, str] = field(default_factory=dict)
    telling: Telling = ORDINARY

    @property
    def noted(self) -> Changes:
        """What the booking's history notes: nothing personal."""
        noted = differences({} if self.before is None else _noted(self.before), _noted(self.after))
        if self.before is not None and self.before.epoch != self.after.epoch:
            noted["epoch"] = [self.before.epoch, self.after.epoch]
        return {**noted, **self.telling.noted}


def create(booking: Booking, rules: ClinicRules, telling: Telling = ORDINARY) -> Change:
    """Let a new booking come to be."""
    told = replace(booking, not_told=telling.not_told(booking.version))
    return _change(BOOKING_CREATED, None, told, rules, telling)


def take_over(booking: Booking, rules: ClinicRules) -> Change:
    """Let an appointment of the former system stand here: nobody is told, for its patient knows of it (PRODUCT C14)."""
    return _change(BOOKING_CREATED, None, booking, rules, IMPORTED)


def move(booking: Booking, taken: Taken, type: str, rules: ClinicRules, telling: Telling = ORDINARY) -> Change:
    """Move or change a booking to a time that was found free by these rules (PRODUCT M4).

    Where whom, what or how long is another, it has changed; else only its time has moved.
    """
    new = taken.candidate
    stays = (booking.practitioner, booking.starts_at) == (new.practitioner, new.start)
    place = Before(
        type=type,
        practitioner=new.practitioner,
        starts_at=new.start,
        ends_at=new.end,
        busy_from=new.busy_from,
        busy_to=new.busy_to,
        minutes=new.minutes,
        resources=taken.resources,
        revision=rules.revision,
        not_told=telling.not_told(booking.version + 1),
        absence=booking.absence if stays else None,
        invited=booking.invited and stays,
    )
    return _placed(booking, place, rules, telling)


def cancel(
    booking: Booking, person: str, rules: ClinicRules, comment: str | None = None, telling: Telling = ORDINARY
) -> Change:
    """Cancel a booking, perhaps with a comment, which the sealed `person` holds as well (PRODUCT M5).

    Raises AlreadyCancelled or Invalid.
    """
    booking.require_standing()
    version = booking.version + 1
    cancelled = replace(
        booking,
        status=CANCELLED,
        person=person,
        absence=None,
        invited=False,
        version=version,
        not_told=telling.not_told(version),
        undo=telling.undo,
    )
    change = _change(BOOKING_CANCELLED, booking, cancelled, rules, telling)
    return replace(change, written={"comment": comment} if comment else {})


def before(booking: Booking) -> Before:
    """Return what there is of a booking, to come back to."""
    return Before(**{each.name: getattr(booking, each.name) for each in fields(Before)})


def undo(
    booking: Booking, by: Mapping[str, str | None], version: int, now: datetime, person: str, rules: ClinicRules
) -> Change:
    """Take the newest change of a booking back; `person` is sealed, without the cancellation's comment (PRODUCT C10).

    Raises ChangedMeanwhile where it has changed since, TooLate after the minute or where nothing can be taken back,
    Forbidden where somebody else made the change.
    """
    booking.require_version(version)
    known = booking.undo
    if known is None or known.version != version or known.told_until <= now:
        raise cannot_be_undone()
    if dict(known.by) != dict(by):
        raise Forbidden.because("Only who has made a change can undo it.")
    telling = Telling("all" if known.before.not_told is None else "none", undoes=version)
    if booking.status != CANCELLED:
        return _placed(booking, known.before, rules, telling)
    restored = replace(
        booking,
        status=BOOKED,
        person=person,
        version=version + 1,
        not_told=known.before.not_told,
        absence=known.before.absence,
        invited=known.before.invited,
        undo=None,
    )
    return _change(BOOKING_RESTORED, booking, restored, rules, telling)


def miss(booking: Booking, now: datetime, rules: ClinicRules) -> Change:
    """Note that the patient did not come. Raises AlreadyCancelled, or Invalid before the appointment has begun."""
    booking.require_standing()
    if now < booking.starts_at:
        text = "The appointment has not begun yet."
        raise Invalid.because(text, errors={"status": [text]})
    missed = replace(booking, status=MISSED, arrived_at=None, version=booking.version + 1)
    return _change(BOOKING_MISSED, booking, missed, rules)


def take_back_miss(booking: Booking, rules: ClinicRules) -> Change:
    """Note that the patient has come after all (PRODUCT C9). Raises AlreadyCancelled."""
    if booking.status == CANCELLED:
        booking.require_standing()
    return _change(BOOKING_RESTORED, booking, replace(booking, status=BOOKED, version=booking.version + 1), rules)


def arrive(booking: Booking, now: datetime, rules: ClinicRules, *, on: bool) -> Change:
    """Note that the patient is there, or take that back (PRODUCT C9).

    Raises AlreadyCancelled, or Invalid of one who was missed and before the day of the appointment.
    """
    booking.require_standing()
    if on and now.astimezone(rules.zone).date() < booking.starts_at.astimezone(rules.zone).date():
        text = "The appointment is on another day."
        raise Invalid.because(text, errors={"on": [text]})
    arrived = replace(booking, arrived_at=now if on else None, version=booking.version + 1)
    return _change(BOOKING_ARRIVED, booking, arrived, rules)


def note(booking: Booking, text: str, sealed: str | None, rules: ClinicRules) -> Change:
    """Write what staff note for themselves, whatever has become of the booking (PRODUCT C9); `sealed` is the same."""
    noted = _change(BOOKING_NOTED, booking, replace(booking, note=sealed, version=booking.version + 1), rules)
    return replace(noted, written={"note": text})


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
    return entry.type in (BOOKING_CREATED, BOOKING_CANCELLED, BOOKING_RESTORED, MOVE_INVITED)


def retold(booking: Booking, newest: Entry | None, rules: ClinicRules) -> Occurrence:
    """Return what a booking's newest change would tell today; `newest` is the entry of the last that was news."""
    anew = newest if newest is not None and newest.type in _ANEW else None
    type = _ENDED.get(booking.status) or (anew.type if anew is not None else BOOKING_CREATED)
    now = plain(_appointment(booking))
    earlier = None
    if anew is not None and booking.status == BOOKED:
        earlier = read(Appointment, {**now, **{name: pair[0] for name, pair in anew.changes.items() if name in now}})
    said = {} if newest is None else newest.changes
    undo = booking.undo if newest is not None and booking.undo and booking.undo.version == newest.version else None
    telling = Telling(said.get("tell", [None, "all"])[1], undo, said.get("undoes", [None, None])[1])
    state = _state(earlier, booking, rules, telling)
    return Occurrence(type, booking.clinic, booking.reference, booking.version, state)


def _placed(booking: Booking, place: Before, rules: ClinicRules, telling: Telling) -> Change:
    """Let an appointment be at another place; where only its time is another, it has moved."""
    moved = replace(booking, **vars(place), version=booking.version + 1, undo=telling.undo)
    same = (booking.practitioner, booking.type, booking.minutes) == (moved.practitioner, moved.type, moved.minutes)
    return _change(BOOKING_MOVED if same else BOOKING_CHANGED, booking, moved, rules, telling)


def _change(
    type: str, before: Booking | None, after: Booking, rules: ClinicRules, telling: Telling = ORDINARY
) -> Change:
    state = _state(None if before is None else _appointment(before), after, rules, telling)
    event = Occurrence(type, after.clinic, after.reference, after.version, state)
    return Change(before, after, event, telling=telling)


def _state(earlier: Appointment | None, after: Booking, rules: ClinicRules, telling: Telling) -> BookingState:
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
        tell=telling.tell,
        undo_until=telling.undo.until if telling.undo else None,
        undoes=telling.undoes,
        arrived_at=after.arrived_at,
        has_note=after.note is not None,
        not_told=after.not_told is not None,
        imported=telling.imported,
    )


def _noted(booking: Booking) -> dict[str, Any]:
    return {
        "status": booking.status,
        **plain(_appointment(booking)),
        "need": booking.need,
        "sms_reminder": booking.sms_reminder,
        "arrived_at": plain(booking.arrived_at),
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

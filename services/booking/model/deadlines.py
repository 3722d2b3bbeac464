"""How late a patient may still move or cancel (PRODUCT M6)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.booking.model.bookings import BOOKED, CANCELLED, Booking
from services.booking.model.clinic_rules import ClinicRules
from shared.clinic.times.durations import Duration
from shared.clinic.times.wall_clock import midnight
from shared.contracts.errors import AlreadyCancelled, BookingOff, FunctionOff, NotChangeable, Refusal, TooLate

FUNCTIONS = ("rebook", "cancel")
"""What patients may do with a booking."""


def ends_at(start: datetime, deadline: Duration, zone: ZoneInfo) -> datetime:
    """Return the UTC moment from which it is too late.

    Hours are elapsed time before `start`. Days are the clinic's calendar days: 2d lasts until 24:00 of the date two
    days before the appointment's date, whatever its time of day and however long those days are.
    """
    if deadline.days is None:
        return start.astimezone(UTC) - deadline.elapsed()
    last_day = start.astimezone(zone).date() - timedelta(days=deadline.days)
    return midnight(last_day + timedelta(days=1), zone)


@dataclass(frozen=True)
class May:
    """Whether a patient may do a thing with a booking, until when, and if not, why (as the refusal's class)."""

    until: datetime
    reason: type[Refusal] | None

    @property
    def allowed(self) -> bool:
        """Whether it may be done now."""
        return self.reason is None


def after_move(booking: Booking, start: datetime, rules: ClinicRules, now: datetime) -> list[str]:
    """Return what a patient may still do once `booking` was moved to `start`: `rebook`, `cancel` (PRODUCT M6)."""
    moved = replace(booking, starts_at=start, invited=False)
    return [function for function in FUNCTIONS if may(function, moved, rules, now).allowed]


def may(function: str, booking: Booking, rules: ClinicRules, now: datetime) -> May:
    """Tell whether a patient may do `function` (rebook | cancel) with `booking` at `now` (PRODUCT B1, M3, M6).

    Who was asked to choose another time may, whatever the booking's origin and deadline (C12).
    """
    if function == "rebook" and booking.invited:
        return May(booking.link_ends_at(), _reason_of_invited(booking, rules, now))
    until = min(ends_at(booking.starts_at, rules.deadline(function, booking.type), rules.zone), booking.starts_at)
    return May(until, _reason(function, booking, rules, now, until))


def require_may(function: str, booking: Booking, rules: ClinicRules, now: datetime) -> None:
    """Raise the refusal that `may` names, with the clinic's telephone number."""
    reason = may(function, booking, rules, now).reason
    if reason is not None:
        raise reason.because(_SENTENCES[reason], phone=rules.phone)


def _reason_of_invited(booking: Booking, rules: ClinicRules, now: datetime) -> type[Refusal] | None:
    reasons = (
        (BookingOff, not rules.is_active),
        (FunctionOff, not rules.is_on("rebook")),
        (AlreadyCancelled, booking.status == CANCELLED),
        (NotChangeable, booking.status != BOOKED or not rules.has_takers(booking.type)),
        (TooLate, now >= booking.link_ends_at()),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _reason(
    function: str, booking: Booking, rules: ClinicRules, now: datetime, until: datetime
) -> type[Refusal] | None:
    reasons = (
        (BookingOff, not rules.is_active),
        (FunctionOff, not rules.is_on(function)),
        (AlreadyCancelled, booking.status == CANCELLED),
        (NotChangeable, booking.origin not in rules.changeable_origins),
        (NotChangeable, function == "rebook" and not rules.has_times_to_move_to(booking.type, booking.practitioner)),
        (TooLate, now >= until),
    )
    return next((reason for reason, holds in reasons if holds), None)


_SENTENCES = {
    BookingOff: "Online booking is switched off; call the clinic.",
    FunctionOff: "This cannot be done online here; call the clinic.",
    AlreadyCancelled: "The booking is cancelled.",
    NotChangeable: "This booking cannot be changed online; call the clinic.",
    TooLate: "It is too late to change this online; call the clinic.",
}

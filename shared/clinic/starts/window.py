"""Which dates and moments may be booked at all just now (PRODUCT B1, S10, S11)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from shared.clinic.plan.values import AppointmentType, ClinicPlan

_LATEST = date.max - timedelta(days=7)


class Moving(NamedTuple):
    """The booking whose time is to be moved: its practitioner and length stay (PRODUCT M4)."""

    practitioner: str
    minutes: int
    start: datetime
    reference: str
    present_on: date
    """The local date on which it is now."""


class Window(NamedTuple):
    """Dates from first to last, both included, and the first moment at which an appointment may start."""

    first: date
    last: date
    not_before: datetime


def switched_on(plan: ClinicPlan, *, moving: bool) -> bool:
    """Tell whether the clinic takes bookings (or moves) on the web at all (PRODUCT B1)."""
    return plan.booking.rebook if moving else plan.booking.new


def window(plan: ClinicPlan, kind: AppointmentType, now: datetime, moving: Moving | None) -> Window | None:
    """Return the window of a type at the moment `now`, None while booking (or moving) is switched off or not open.

    The horizon never stops a move to a date not after the present one (CONTRACTS 1, Moving).
    """
    booking = plan.booking
    if not switched_on(plan, moving=moving is not None) or not booking.opening.is_open(now):
        return None
    today = now.astimezone(plan.zone).date()
    last = _LATEST
    if booking.horizon_days is not None:
        last = today + timedelta(days=booking.horizon_days)
        last = max(last, moving.present_on) if moving else last
    first = max(_earliest(plan, kind, today), booking.first_date or today)
    return Window(first, min(last, booking.last_date or last, _LATEST), now + booking.notice)


def _earliest(plan: ClinicPlan, kind: AppointmentType, today: date) -> date:
    """Return the earliest date: None is today, 0 tomorrow, 1 the day after, and so on (PRODUCT S11)."""
    days = plan.booking.days_after_today if kind.days_after_today is None else kind.days_after_today
    return today if days is None else today + timedelta(days=days + 1)

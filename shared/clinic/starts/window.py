"""Which dates and moments may be booked at all just now (PRODUCT B1, S10, S11)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from shared.clinic.plan.values import AppointmentType, ClinicPlan
from shared.clinic.starts.asked import Asked

_LATEST = date.max - timedelta(days=7)


class Window(NamedTuple):
    """Dates from first to last, both included, and the first moment at which an appointment may start."""

    first: date
    last: date
    not_before: datetime


def window(plan: ClinicPlan, asked: Asked, now: datetime) -> Window | None:
    """Return the window of what is asked at the moment `now`, None while booking (or moving) is off or not open."""
    booking, moving = plan.booking, asked.moving
    if not (booking.rebook if moving else booking.new) or not booking.opening.is_open(now):
        return None
    today = now.astimezone(plan.zone).date()
    first, last = booking.dates.on(today, moved_from=moving.present_on if moving else None)
    earliest = _earliest(plan, plan.types[asked.type], today)
    return Window(max(earliest, first), min(last or _LATEST, _LATEST), now + booking.notice)


def _earliest(plan: ClinicPlan, kind: AppointmentType, today: date) -> date:
    """Return the earliest date: None is today, 0 tomorrow, 1 the day after, and so on (PRODUCT S11)."""
    days = plan.booking.days_after_today if kind.days_after_today is None else kind.days_after_today
    return today if days is None else today + timedelta(days=days + 1)

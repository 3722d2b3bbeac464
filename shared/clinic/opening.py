"""When a clinic's online booking is open, and for which dates (PRODUCT S10)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.clinic.document import Document
from shared.clinic.times.durations import parse_duration
from shared.clinic.times.wall_clock import end_moment, start_moment


class Opening(NamedTuple):
    """When booking opens and closes, in UTC; None where nothing limits it."""

    opens_at: datetime | None
    closes_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether booking has opened at `now` and not closed yet."""
        return (self.opens_at is None or self.opens_at <= now) and (self.closes_at is None or now < self.closes_at)


class BookableDates(NamedTuple):
    """Dates from first to last, both included, and at most so many days after today; None where nothing limits it."""

    first: date | None
    last: date | None
    horizon_days: int | None

    def on(self, today: date, *, moved_from: date | None = None) -> tuple[date, date | None]:
        """Return the first and the last date that may be booked on `today`, which may lie before the first.

        The horizon never stops a move to a date not after that of the booking that is moved (CONTRACTS 1, Moving).
        """
        first = max(today, self.first or today)
        if self.horizon_days is None:
            return first, self.last
        horizon = max(today + timedelta(days=self.horizon_days), moved_from or today)
        return first, min(horizon, self.last or horizon)


def opening_of(document: Document) -> Opening:
    """Return when the booking of a document's clinic opens and closes."""
    zone = ZoneInfo(document["time_zone"])
    opens_at, closes_at = (document["booking"][key] for key in Opening._fields)
    return Opening(
        start_moment(datetime.fromisoformat(opens_at), zone) if opens_at else None,
        end_moment(datetime.fromisoformat(closes_at), zone) if closes_at else None,
    )


def bookable_dates_of(document: Document) -> BookableDates:
    """Return for which dates the clinic of a document takes bookings."""
    booking = document["booking"]
    first, last, horizon = booking["first_date"], booking["last_date"], booking["horizon"]
    return BookableDates(
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        parse_duration(horizon).days if horizon else None,
    )

"""How long a clinic keeps what it no longer needs (`retention` in its document; PRODUCT A3, ADR 58)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.clinic.document import Document
from shared.clinic.times.durations import parse_duration
from shared.clinic.times.wall_clock import midnight

MESSAGES, BOOKINGS, ACCESS_LOG = "messages", "bookings", "access_log"
WATCH_LIST, NEEDS, PATIENTS = "watch_list", "needs", "patients"
KINDS = (MESSAGES, BOOKINGS, ACCESS_LOG, WATCH_LIST, NEEDS, PATIENTS)
"""What has a period of its own, as the document names and orders it."""

SHORTEST, SHORTEST_OF_PATIENTS, LONGEST = 30, 365, 36600
"""Days: nothing that is younger is over for sure; outboxes and inboxes have forgotten by then what they told of it."""

FIVE_YEARS = "1830d"
"""The access log's where nothing else is said, as Sweden's rules for logs of records have it (HSLF-FS 2016:40, 4:9)."""


@dataclass(frozen=True)
class Over:
    """What of a kind is over for a clinic: what was before the date `first_kept` there, whose midnight is `before`."""

    clinic: str
    document: Document
    today: date
    first_kept: date
    before: datetime


def period_of(document: Document, kind: str) -> str | None:
    """Return for how long a clinic keeps what is of a kind, such as `365d`; None: for ever.

    A document of a version before names no periods: then only the access log has one.
    """
    periods = document.get("retention") or {ACCESS_LOG: FIVE_YEARS}
    found: str | None = periods.get(kind)
    return found


def today_of(document: Document, now: datetime) -> date:
    """Return the clinic's date."""
    return now.astimezone(ZoneInfo(document["time_zone"])).date()


def over(clinic: str, document: Document, period: str | None, now: datetime) -> Over | None:
    """Return what is over by a period of whole days of the clinic's calendar; None where it is kept for ever.

    Of a period of N days all is kept that was N days before today, or later: each thing has at least N whole days.
    """
    if period is None:
        return None
    zone, today = ZoneInfo(document["time_zone"]), today_of(document, now)
    first_kept = today - timedelta(days=parse_duration(period).days or 0)
    return Over(clinic, document, today, first_kept, midnight(first_kept, zone))

"""How the tests ask the search: wall-clock times in, wall-clock times out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.availability.search.offered import Busy, DayLevel, Moving, Slot, clinic_plan, day_levels, offered
from shared.clinic.plan.values import NamedDates

TUESDAY = "2026-12-01"
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)

Document = dict[str, Any]


def moment(document: Document, wall: str) -> datetime:
    """Return the moment `YYYY-MM-DDTHH:MM`, or `HH:MM` of TUESDAY, on the clinic's clock."""
    text = wall if "T" in wall else f"{TUESDAY}T{wall}"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(document["time_zone"]))


def taken(document: Document, resource: str, start: str, end: str) -> Busy:
    """Return time that a booking of `practitioner:…` or `resource:…` occupies."""
    return Busy(resource, moment(document, start).astimezone(UTC), moment(document, end).astimezone(UTC))


def a_move(document: Document, start: str, minutes: int = 30, practitioner: str = "anna") -> Moving:
    """Return a booking that is to be moved."""
    begins = moment(document, start)
    return Moving(practitioner, minutes, begins.astimezone(UTC), "REFERENCE0", begins.date())


def slots(
    document: Document,
    first: str = TUESDAY,
    last: str | None = None,
    *,
    kind: str = "visit",
    practitioner: str | None = None,
    busy: Iterable[tuple[str, str, str]] = (),
    now: datetime = NOW,
    moving: Moving | None = None,
    holidays: NamedDates | None = None,
) -> list[Slot]:
    """Return what is offered from the first to the last date."""
    rows = [taken(document, *row) for row in busy]
    dates = date.fromisoformat(first), date.fromisoformat(last or first)
    return offered(clinic_plan(document, holidays), kind, practitioner, *dates, rows, now, moving)


def times(document: Document, first: str = TUESDAY, last: str | None = None, **asked: Any) -> list[str]:
    """Return the starts that are offered, as `HH:MM`."""
    return [f"{slot.start:%H:%M}" for slot in slots(document, first, last, **asked)]


def dates(document: Document, first: str, last: str, **asked: Any) -> list[str]:
    """Return the dates on which anything is offered, without the year."""
    return sorted({f"{slot.start:%m-%d}" for slot in slots(document, first, last, **asked)})


def levels(
    document: Document,
    first: str = TUESDAY,
    last: str | None = None,
    *,
    holidays: NamedDates | None = None,
    **asked: Any,
) -> list[DayLevel]:
    """Return the levels of the dates from first to last."""
    rows = [taken(document, *row) for row in asked.pop("busy", ())]
    days = date.fromisoformat(first), date.fromisoformat(last or first)
    practitioner, now = asked.pop("practitioner", None), asked.pop("now", NOW)
    return day_levels(clinic_plan(document, holidays), "visit", practitioner, *days, rows, now)

"""How the tests ask the search: wall-clock times in, wall-clock times out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from services.availability.model.occupancy import Busy
from services.availability.search.offered import DayLevel, Slot, day_levels, offered
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import NamedDates
from shared.clinic.starts.asked import AskedDates
from tests.builders.clinics.documents import Document
from tests.builders.clinics.moments import NOW, TUESDAY, moment


def taken(document: Document, resource: str, start: str, end: str) -> Busy:
    """Return time that a booking of `practitioner:…` or `resource:…` occupies."""
    return Busy(resource, moment(document, start).astimezone(UTC), moment(document, end).astimezone(UTC))


def slots(
    document: Document,
    first: str = TUESDAY,
    last: str | None = None,
    *,
    busy: Iterable[tuple[str, str, str]] = (),
    now: datetime = NOW,
    holidays: NamedDates | None = None,
    **asked: Any,
) -> list[Slot]:
    """Return what is offered from the first to the last date; `asked` is the rest of the question."""
    rows = [taken(document, *row) for row in busy]
    return offered(clinic_plan(document, holidays), asked_dates(first, last, **asked), rows, now)


def asked_dates(first: str, last: str | None = None, *, kind: str = "visit", **asked: Any) -> AskedDates:
    """Return a question for the dates from first to last."""
    return AskedDates(type=kind, first=date.fromisoformat(first), last=date.fromisoformat(last or first), **asked)


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
    busy: Iterable[tuple[str, str, str]] = (),
    now: datetime = NOW,
    holidays: NamedDates | None = None,
    **asked: Any,
) -> list[DayLevel]:
    """Return the levels of the dates from first to last."""
    rows = [taken(document, *row) for row in busy]
    return day_levels(clinic_plan(document, holidays), asked_dates(first, last, **asked), rows, now)

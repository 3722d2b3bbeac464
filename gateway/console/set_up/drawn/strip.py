"""The weeks to come by the plans: by which week template each practitioner works, seen as dates (S1).

What is typed may be a plan that nobody could apply: what cannot be read of it holds on no day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from gateway.console.frame.names import Names
from shared.clinic.plan.values import PlanPeriod
from shared.clinic.times.weeks import WEEKDAYS

WEEKS = 12
_DAYS = 7

Row = Mapping[str, Any]
Periods = Sequence[tuple[str, PlanPeriod]]
"""Templates and when they hold."""


@dataclass(frozen=True)
class Part:
    """A week's days from `first` to `last`, and the templates that hold: none is a gap, two a mistake."""

    first: date
    last: date
    templates: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    """A week of ISO 8601, by whose number plans take turns, in as many parts as it has."""

    monday: date
    parts: tuple[Part, ...]

    @property
    def number(self) -> int:
        """Which of its year it is."""
        return self.monday.isocalendar().week

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.monday + timedelta(days=_DAYS - 1)


@dataclass(frozen=True)
class Strip:
    """The weeks to come of one practitioner, or of `everybody` without a plan of their own."""

    name: str
    weeks: Sequence[Week]
    is_own: bool
    """Whether there is a plan of theirs."""


def strips_of(document: Row, today: date, language: str, everybody: str) -> list[Strip]:
    """Return the strip of each practitioner; first that of `everybody` who has no plan of their own."""
    names = [(None, everybody), *Names(document, language).pairs("practitioners")]
    of_all = {plan["practitioner"] for plan in document["plans"]}
    return [strip_of(document, key, name, today) for key, name in names if key or None in of_all]


def strip_of(document: Row, practitioner: str | None, name: str, today: date) -> Strip:
    """Return a practitioner's strip, from the week of `today` on."""
    periods, is_own = _periods_of(document, practitioner)
    monday = today - timedelta(days=today.weekday())
    mondays = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    return Strip(name, [Week(each, tuple(_parts(periods, each))) for each in mondays], is_own)


def blocks_by_plan(document: Row, practitioner: str | None, day: str | None) -> list[Row] | None:
    """Return the blocks that the plans say for a date; None where it is no date."""
    try:
        on = date.fromisoformat(day or "")
    except ValueError:
        return None
    weeks = {template["key"]: template["week"] for template in document["templates"]}
    templates = _templates_on(_periods_of(document, practitioner)[0], on)
    return [block for template in templates[:1] for block in weeks[template][WEEKDAYS[on.weekday()]]]


def _periods_of(document: Row, practitioner: str | None) -> tuple[Periods, bool]:
    """Return when which template holds for a practitioner, and whether by plans of their own."""
    own = [plan for plan in document["plans"] if plan.get("practitioner") == practitioner]
    plans = own or [plan for plan in document["plans"] if plan.get("practitioner") is None]
    return [period for plan in plans for period in _periods(plan)], bool(own)


def _periods(plan: Row) -> Iterator[tuple[str, PlanPeriod]]:
    """Yield when a plan holds by its template, unless it cannot be read yet."""
    try:
        first, last = (date.fromisoformat(plan[end]) if plan.get(end) else None for end in ("from", "to"))
    except ValueError:
        return
    if plan.get("template"):
        yield plan["template"], PlanPeriod((), first, last, plan.get("weeks") or "all")


def _parts(periods: Periods, monday: date) -> Iterator[Part]:
    days = [monday + timedelta(days=number) for number in range(_DAYS)]
    for templates, run in groupby(days, lambda day: _templates_on(periods, day)):
        found = list(run)
        yield Part(found[0], found[-1], templates)


def _templates_on(periods: Periods, day: date) -> tuple[str, ...]:
    return tuple(template for template, period in periods if period.holds_on(day))

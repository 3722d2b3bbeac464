"""The next two weeks as patients see them, by the set-up in force, and beside it by one that is not (CONSOLE, Set-up).

Which times there are, availability says by the search that answers patients; how two set-ups differ is seen here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from werkzeug.wrappers import Response

from gateway.clients.holidays import holiday_name
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.views.own_texts import OwnTexts
from shared.texts.language import format_short_date

DAYS = 14
_PERIODS = 6
_DAY = timedelta(days=1)

NEW, GONE, OTHER = "new", "gone", "other"
"""A time that comes, that goes, and one that is offered otherwise: as another length, with others, to others."""

Slot = Mapping[str, Any]


@dataclass(frozen=True)
class Wish:
    """Of which type, with whom, from which day on somebody wants to see times; "" where they have not said."""

    type: str = ""
    practitioner: str = ""
    start: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str], prefix: str = "") -> "Wish":
        """Return what was chosen in a form, or in an address."""
        return cls(*(given.get(f"{prefix}{name}") or "" for name in ("type", "practitioner", "from")))

    def first(self, today: date) -> date:
        """Return the first day: today, or that of one of the fortnights that can be chosen."""
        found = (today + index * DAYS * _DAY for index in range(_PERIODS))
        return next((day for day in found if day.isoformat() == self.start), today)


class Time(NamedTuple):
    """A time that is offered, by the clinic's clocks, and how it differs: "" for not at all."""

    start: datetime
    mark: str


class Day(NamedTuple):
    """A date with the times that there would be, and those that there are; `before` None where nothing is compared."""

    day: date
    holiday: str | None
    before: Sequence[Time] | None
    after: Sequence[Time]

    @property
    def changes(self) -> bool:
        """Whether anything of it is different."""
        return any(time.mark for time in (*(self.before or ()), *self.after))


@dataclass(frozen=True)
class TwoWeeks:
    """What is shown. Choices are (value, label), those of types in two groups: whose offer changes, and the others."""

    days: Sequence[Day]
    type: str
    title: str
    needs: bool
    changed: Sequence[tuple[str, str]]
    unchanged: Sequence[tuple[str, str]]
    unsearched: Sequence[str]
    practitioner: str
    practitioners: Sequence[tuple[str, str]]
    start: str
    periods: Sequence[tuple[str, str]]
    on: bool
    as_if_on: bool
    compares: bool

    @property
    def count(self) -> int:
        """How many types were looked at."""
        return len(self.unchanged) + len(self.changed)

    @property
    def is_different(self) -> bool:
        """Whether any of the days is."""
        return any(day.changes for day in self.days)


def page(here: Here) -> Response:
    """Show what patients see now."""
    weeks = two_weeks(here, Wish.of(here.asked("type", "practitioner", "from")))
    return here.show("console/set_up/preview.html", section="set_up", weeks=weeks)


def two_weeks(here: Here, wish: Wish, document: Any = None) -> TwoWeeks | None:
    """Return the two weeks by a document without mistakes, beside those by the one in force; without one, these alone.

    None where the clinic has no type that patients can book.
    """
    first = wish.first(here.today)
    last = first + (DAYS - 1) * _DAY
    compares = document is not None
    told = here.services.availability.with_timeout(LONG_CALL_SECONDS).preview_document(
        here.clinic,
        document=document,
        present=compares,
        bookings=False,
        as_if_on=True,
        one=True,
        type=wish.type or None,
        practitioner=wish.practitioner or None,
        **{"from": first.isoformat(), "to": last.isoformat()},
    )
    chosen = next((row for row in told["types"] if row["slots"] is not None), None)
    if chosen is None:
        return None
    return _drawn(here, wish, first, told, chosen, compares=compares)


def _drawn(
    here: Here, wish: Wish, first: date, told: Mapping[str, Any], chosen: Mapping[str, Any], *, compares: bool
) -> TwoWeeks:
    own = OwnTexts(here.language, here.document["languages"][0])
    names = {row["type"]: own(row["alias"]) or row["name"] for row in told["types"]}
    people = [(row["key"], row["name"]) for row in told["practitioners"]]
    holidays = {row["date"]: holiday_name(row, here.language) for row in told["holidays"]}
    return TwoWeeks(
        days=list(_days(first, chosen, holidays)),
        type=chosen["type"],
        title=names[chosen["type"]],
        needs=chosen["needs"],
        changed=[(row["type"], names[row["type"]]) for row in told["types"] if row["changes"]],
        unchanged=[(row["type"], names[row["type"]]) for row in told["types"] if not row["changes"]],
        unsearched=[here.names.type(key) for key in told["unsearched"]],
        practitioner=wish.practitioner if wish.practitioner in dict(people) else "",
        practitioners=people,
        start=first.isoformat(),
        periods=[_period(here, index) for index in range(_PERIODS)],
        on=told["on"],
        as_if_on=told["as_if_on"],
        compares=compares,
    )


def _period(here: Here, index: int) -> tuple[str, str]:
    start = here.today + index * DAYS * _DAY
    said = (format_short_date(day, here.language) for day in (start, start + (DAYS - 1) * _DAY))
    return start.isoformat(), " – ".join(said)


def _days(first: date, chosen: Mapping[str, Any], holidays: Mapping[str, str | None]) -> Iterator[Day]:
    after = _by_day(chosen["slots"])
    present = chosen["present"]
    before = None if present is None else _by_day(present)
    for index in range(DAYS):
        day = first + index * _DAY
        there, here = after.get(day, {}), (before or {}).get(day, {})
        yield Day(
            day,
            holidays.get(day.isoformat()),
            None
            if before is None
            else [Time(start, _mark(GONE, what, there.get(start))) for start, what in here.items()],
            [Time(start, "" if before is None else _mark(NEW, what, here.get(start))) for start, what in there.items()],
        )


Offers = tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
"""How a time is offered: until when, with whom, and with whom to who is new; perhaps in several lengths."""


def _by_day(slots: Sequence[Slot]) -> dict[date, dict[datetime, Offers]]:
    """Return by date the times, each once, as the clinic's clocks show it by the set-up that offers it."""
    found: dict[date, dict[datetime, Offers]] = {}
    for start, rows in groupby(slots, key=lambda slot: datetime.fromisoformat(slot["start"])):
        offers = tuple((row["end"], tuple(row["practitioners"]), tuple(row["new_patients"])) for row in rows)
        found.setdefault(start.date(), {})[start] = offers
    return found


def _mark(alone: str, offers: Offers, others: Offers | None) -> str:
    """Return how a time differs from what the other set-up has of it, which is `alone` where that has nothing."""
    if others is None:
        return alone
    return "" if offers == others else OTHER


ROUTES = (Page("GET", "/set-up/preview", page, administrators=True),)

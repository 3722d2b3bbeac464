"""The calendar's page: a day with its practitioners side by side, a week, the rooms, or a list (PRODUCT C6, C11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from gateway.clients.calendar import calendar as ask
from gateway.console.calendar.asked import Asked, asked_of
from gateway.console.calendar.chosen import chosen, remember
from gateway.console.calendar.clinic import CalendarClinic, Named, calendar_clinic
from gateway.console.calendar.columns import (
    Card,
    Column,
    cards_in_order,
    columns_of_people,
    columns_of_rooms,
    hours_of,
)
from gateway.console.calendar.idle import is_idle, next_worked_on
from gateway.console.calendar.places import Span, classes
from gateway.console.calendar.said import ABSENT, MARKS, sentence_of
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.views.day_grid import month_grid
from shared.contracts.errors import Timeout, Unavailable

_ASKED = ("date", "view", "practitioner", "hours", "by", "month")
_LEAFED = (date(2000, 1, 1), date(2200, 12, 31))
_PART = "calendar"


@dataclass(frozen=True)
class Shown:
    """What is drawn: columns, or a list in order of time, of whom and of when it was last known.

    `is_idle` says that it is one day on which none of them works; `next_day` is the next one on which they do.
    """

    asked: Asked
    dates: Sequence[date]
    names: CalendarClinic
    wanted: Sequence[str]
    columns: Sequence[Column]
    cards: Sequence[Card]
    hours: Span
    as_of: datetime | None
    is_idle: bool
    next_day: date | None

    @property
    def papers(self) -> list[tuple[Named, list[Card]]]:
        """The list of each practitioner who has bookings, as it is printed (C11)."""
        own = [(each, [card for card in self.cards if card.practitioner == each]) for each in self._people()]
        return [(each, cards) for each, cards in own if cards]

    def _people(self) -> list[Named]:
        return [self.names.practitioners[key] for key in self.wanted]


def today(here: Here) -> Response:
    """Show today's calendar."""
    return calendar(here)


def calendar(here: Here) -> Response:
    """Show the calendar that the address asks for, or the part of it that may have changed."""
    asked = asked_of(here.asked(*_ASKED), here.today)
    shown = _shown(here, asked)
    template = "part" if here.wants_part(_PART) else "page"
    return here.show(f"console/calendar/{template}.html", section="calendar", **_context(here, shown))


def choose(here: Here) -> Response:
    """Remember whose columns are wanted, and show them."""
    asked = asked_of(here.form, here.today)
    wanted = [key for key in here.form.all("practitioner") if key in calendar_clinic(here.document, "en").practitioners]
    response = here.go("/calendar", **asked.query(practitioner=None))
    remember(here, response, wanted)
    return response


def colours(here: Here) -> Response:
    """Send the sheet of the clinic's own colours."""
    response = Response(calendar_clinic(here.document, here.language).colours, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _shown(here: Here, asked: Asked) -> Shown:
    names = calendar_clinic(here.document, here.language)
    wanted = _wanted(here, asked, names)
    dates = asked.dates(here.language)
    answer, as_of = _answer(here, dates, wanted[0] if asked.view == "week" and wanted else None)
    absent = here.say(ABSENT)
    columns: list[Column] = []
    cards: list[Card] = []
    if asked.view == "list":
        cards = cards_in_order(answer, names, here.zone, wanted)
    elif asked.view == "rooms":
        columns = columns_of_rooms(answer, names, here.zone, absent)
    else:
        columns = columns_of_people(answer, names, here.zone, wanted, absent)
    hours = hours_of(columns, whole_day=asked.whole_day)
    idle = asked.view in {"day", "list"} and is_idle(answer, wanted)
    next_day = next_worked_on(here, asked.day, wanted) if idle and as_of is None else None
    return Shown(asked, dates, names, wanted, columns, cards, hours, as_of, idle, next_day)


def _wanted(here: Here, asked: Asked, names: CalendarClinic) -> list[str]:
    """Return the practitioners that are shown: a therapist's own, the one that is named, or those that were chosen."""
    if not here.is_administrator:
        return [key for key in names.practitioners if key == here.practitioner]
    if asked.practitioner in names.practitioners:
        return [str(asked.practitioner)]
    wanted = chosen(here, names.practitioners)
    return wanted[:1] if asked.view == "week" else wanted


def _answer(here: Here, dates: Sequence[date], practitioner: str | None) -> tuple[dict[str, Any], datetime | None]:
    """Return the calendar of the dates as it is, or as it was last known, and then of when (C15)."""
    span = {"from": dates[0].isoformat(), "to": dates[-1].isoformat()}
    asked = {**span, "practitioner": practitioner} if practitioner else span
    name = f"calendar {' '.join(asked.values())}"
    try:
        answer = ask(here.services, here.clinic, asked, here.language)
    except (Unavailable, Timeout):
        known = here.remembered(name)
        if known is None:
            raise
        return known[0], known[1].astimezone(here.zone)
    here.remember(name, answer)
    return answer, None


def _context(here: Here, shown: Shown) -> dict[str, Any]:
    asked = shown.asked

    def address(**changes: str | None) -> str:
        return f"{here.url}/calendar?{urlencode(asked.query(**changes))}"

    return {
        "shown": shown,
        "asked": asked,
        "names": shown.names,
        "address": address,
        "heading": asked.day,
        "previous": asked.turned(-1).isoformat(),
        "following": asked.turned(1).isoformat(),
        "month": _month(here, asked),
        "marks": MARKS,
        "say_card": _sayer(here),
        "now_at": _now(here, shown),
        "hours": range(shown.hours.start // 60, shown.hours.end // 60),
        "clock": lambda hour: datetime(2000, 1, 1, hour),  # noqa: DTZ001 - a wall clock's
        "remembers_choice": here.is_administrator and len(shown.names.practitioners) > 1,
    }


def _sayer(here: Here) -> Callable[[Card], str]:
    return lambda card: sentence_of(card, here.language, here.say)


def _now(here: Here, shown: Shown) -> str | None:
    """Return the classes of the line for now, None where now is not seen."""
    minute = here.now.hour * 60 + here.now.minute
    return classes(Span(minute, minute + 1)) if shown.hours.start <= minute < shown.hours.end else None


def _month(here: Here, asked: Asked) -> Any:
    return month_grid(asked.month or asked.day, {}, here.language, today=here.today, window=_LEAFED, chosen=asked.day)


ROUTES = (
    Page("GET", "", today),
    Page("GET", "/calendar", calendar),
    Page("POST", "/calendar/practitioners", choose),
    Page("GET", "/calendar/colours.css", colours),
)

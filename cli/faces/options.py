"""Options and arguments that many commands have, checked before anything is asked."""

import datetime as dates
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from cli.faces.endings import speak_json

Command = TypeVar("Command", bound=Callable[..., Any])

_DAY = dates.timedelta(days=1)
_LONGEST_OFFSET = 5
"""Characters: further than ten thousand days nobody looks."""
_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1}
MOST_AT_ONCE = 200
"""Rows of one page, as services give them."""


@dataclass(frozen=True)
class Day:
    """A date, or one that is named by how far it is from the clinic's today."""

    date: dates.date | None
    days_from_today: int = 0

    def on(self, today: dates.date) -> dates.date:
        """Return the date where the clinic has `today`."""
        return self.date or today + self.days_from_today * _DAY


class DayType(click.ParamType[Day]):
    """`2026-12-24`, or `today`, `tomorrow`, `yesterday` of the clinic's clock, or `+7`: in so many days."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Day:
        """Read a day."""
        if isinstance(value, Day):
            return value
        if value in _WORDS:
            return Day(None, _WORDS[value])
        if value[:1] in "+-" and value[1:].isascii() and value[1:].isdigit() and len(value) <= _LONGEST_OFFSET:
            return Day(None, int(value))
        try:
            return Day(dates.date.fromisoformat(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write 2026-12-24, today, tomorrow, or +7 for in a week.", param, ctx)


class MomentType(click.ParamType[dates.datetime]):
    """`2026-12-24T09:30` by the clinic's clock, or with an offset."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dates.datetime:
        """Read a moment, naive where it names no offset."""
        if isinstance(value, dates.datetime):
            return value
        try:
            read = dates.datetime.fromisoformat(value)
        except ValueError:
            read = None
        if read is None or len(value) <= len("2026-12-24"):  # of which one moment is as good as another
            self.fail(
                f"{value!r} is no moment; write 2026-12-24T09:30 by the clinic's clock, or with an offset as …+01:00.",
                param,
                ctx,
            )
        return read


DAY, MOMENT = DayType(), MomentType()


@dataclass(frozen=True)
class Paging:
    """How much of a list is wanted: `limit` rows, or None for all there are."""

    limit: int | None


clinic = click.argument("clinic", metavar="CLINIC")


def as_json(command: Command) -> Command:
    """Give a command `--json`; what ends it is JSON then, too."""

    def told(_ctx: click.Context, _param: click.Parameter, given: bool) -> bool:
        if given:
            speak_json()
        return given

    option = click.option(
        "--json", "as_json", is_flag=True, is_eager=True, callback=told,
        help="One JSON document, with the names of the RPC, for programs.",
    )  # fmt: skip
    return option(command)


def listing(command: Command) -> Command:
    """Give a command `--limit` and `--all`, together a `paging`, and `--json`."""

    def paged(ctx: click.Context, _param: click.Parameter, everything: bool) -> Paging:
        limit = ctx.params.pop("limit")
        return Paging(None if everything else limit)

    limit = click.option(
        "--limit", type=click.IntRange(1, MOST_AT_ONCE), default=50, show_default=True, is_eager=True,
        help="How many at most.",
    )  # fmt: skip
    everything = click.option("--all", "paging", is_flag=True, callback=paged, help="All there are, however many.")
    return limit(everything(as_json(command)))

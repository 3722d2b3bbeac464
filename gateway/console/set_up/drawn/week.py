"""Blocks drawn as a week or a day, over the rows in which they are typed: what the drawing is made of (S1, S2).

The rows stay the only place where blocks stand: scripts draw them, and write into them what is drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.console.calendar.clinic import Named, calendar_clinic
from gateway.console.set_up.form.around import Around
from shared.clinic.times.weeks import WEEKDAYS
from shared.texts.language import first_weekday, format_length, weekday_names

_DRAWN: Mapping[str, tuple[str, Sequence[str]]] = {"templates": ("week", WEEKDAYS), "days": ("blocks", ("",))}
"""The field of an item that is drawn, and what is added to its name for each of its days; "" is the one day."""
_EASY = 15
"""Minutes from line to line, as one draws: every grid of times divides it."""


@dataclass(frozen=True)
class Lane:
    """A day, whose blocks are the rows of the field called `name`."""

    name: str
    short: str
    full: str


@dataclass(frozen=True)
class Kind:
    """A kind of block; `look` is the class of its colour."""

    named: Named
    is_online: bool


@dataclass(frozen=True)
class Week:
    """What the field called `name` is drawn by; `step` is how finely one draws, in minutes.

    `hour`, `minute` and `both` say how lengths are written, by the number one.
    """

    name: str
    lanes: Sequence[Lane]
    kinds: Sequence[Kind]
    colours_tag: str
    hour: str
    minute: str
    both: str
    step: int = _EASY

    @property
    def hours(self) -> list[datetime]:
        """The hours of a day, as a clock shows them."""
        return [datetime(2000, 1, 1, hour) for hour in range(24)]  # noqa: DTZ001 - a wall clock's


def week_of(section: str, around: Around) -> Week | None:
    """Return what the blocks of an item of a section are drawn by, days in the reader's order; None for none."""
    if section not in _DRAWN:
        return None
    name, days = _DRAWN[section]
    clinic = calendar_clinic(around.document, around.language)
    online = {row["key"]: row["online"] for row in around.document["block_kinds"]}
    kinds = [Kind(named, online[key]) for key, named in clinic.kinds.items()]
    lanes = _week(name, around.language) if len(days) > 1 else [Lane(name, "", around.words.label(f"{section}.{name}"))]
    hour, minute, both = (format_length(length, around.language) for length in (60, 1, 61))
    return Week(name, lanes, kinds, clinic.colours_tag, hour, minute, both)


def _week(name: str, language: str) -> list[Lane]:
    first = first_weekday(language)
    days = [WEEKDAYS[(first + step) % len(WEEKDAYS)] for step in range(len(WEEKDAYS))]
    return [Lane(f"{name}.{day}", *called) for day, called in zip(days, weekday_names(language), strict=True)]


def looks_of(section: str, around: Around) -> dict[str, Any]:
    """Return the looks of the items of a section, by their keys, and the tag of the sheet in which they stand."""
    if section != "block_kinds":
        return {"looks": {}}
    clinic = calendar_clinic(around.document, around.language)
    return {"looks": {key: kind.look for key, kind in clinic.kinds.items()}, "colours_tag": clinic.colours_tag}

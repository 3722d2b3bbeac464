"""Values that are times: lengths with their unit, times of day, dates by the reader's calendar, moments."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.field import Drawn, Leaf, Texts
from gateway.console.set_up.form.single import plain
from gateway.http.wording import N_
from shared.clinic.times.durations import parse_duration
from shared.texts.language import calendar_date, calendar_parts

MINUTES, HOURS, DAYS = "m", "h", "d"
_UNITS: Mapping[str, str] = {MINUTES: N_("minutes"), HOURS: N_("hours"), DAYS: N_("days")}
_UNITS_OF: Mapping[str, tuple[str, ...]] = {
    "elapsed": (MINUTES, HOURS), "days": (DAYS,), "elapsed_or_days": (HOURS, DAYS, MINUTES),
}  # fmt: skip
"""The first stands there before anything is said: what may be days is hardly minutes."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?", re.ASCII)
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3}) ?[:ht] ?([0-5]?\d) ?(?:m|min)?", re.ASCII)
"""An hour and a quarter, as people write it: 1h15, 1:15, 1 h 15 min; `t` is a Dane's and a Norwegian's hour."""
_PARTS = ("year", "month", "day")


class Length(Leaf):
    """A length of time, as a number and its unit, or as hours and minutes in one."""

    def written(self, value: Any) -> Texts:
        """Return number and unit, hours only where they are whole."""
        number, unit = _number_and_unit(value) if value else ("", self._units[0])
        return {f"{self.name}.number": [number], f"{self.name}.unit": [unit]}

    def read(self, typed: Typed, present: Any) -> Any:
        """Return the length; the unit of nothing is none."""
        if not present and not typed[f"{self.name}.number"]:
            return present
        return super().read(typed, present)

    def value(self, typed: Typed) -> Any:
        """Return the length as the document writes it."""
        number = plain(typed[f"{self.name}.number"])
        if MINUTES in self._units and (found := _HOURS_AND_MINUTES.fullmatch(number)):
            return f"{60 * int(found[1]) + int(found[2])}{MINUTES}"
        return f"{number}{typed[f'{self.name}.unit'] or self._units[0]}" if number else None

    def drawn(self, typed: Typed) -> Drawn:
        """Return an input and its units."""
        units = [(unit, self.around.words.say(_UNITS[unit])) for unit in self._units]
        return self.draw("length", choices=units)

    @property
    def _units(self) -> tuple[str, ...]:
        return _UNITS_OF[self.told["kind"]]


class Clock(Leaf):
    """A time of day, typed as people write it: 8, 08:00, 8.30."""

    def written(self, value: Any) -> Texts:
        """Return hours and minutes."""
        return {self.name: [value or ""]}

    def value(self, typed: Typed) -> Any:
        """Return it as HH:MM, or as it stands where it is none."""
        return _clock(typed[self.name]) or None

    def drawn(self, typed: Typed) -> Drawn:
        """Return a short input: the browser's own knows no 24:00."""
        return self.draw("clock")


class Day(Leaf):
    """A date, by the reader's calendar."""

    def written(self, value: Any) -> Texts:
        """Return the date as the browser's own field has it, or as three parts."""
        return _day_written(self.name, value, self.around.language)

    def value(self, typed: Typed) -> Any:
        """Return the date."""
        return _day_typed(self.name, typed, self.around.language)

    def drawn(self, typed: Typed) -> Drawn:
        """Return fields for a date."""
        return self.draw("date")


class Moment(Leaf):
    """A date and a time of day; where whole days will do, the time may be left out."""

    def written(self, value: Any) -> Texts:
        """Return the date, and the time."""
        day, _, clock = (value or "").partition("T")
        return {**_day_written(self.name, day, self.around.language), f"{self.name}.time": [clock]}

    def value(self, typed: Typed) -> Any:
        """Return the moment; a date alone is one from its first minute on, where no whole day will do."""
        day = _day_typed(self.name, typed, self.around.language)
        clock = _clock(typed[f"{self.name}.time"])
        if day is None:
            return clock or None
        return f"{day}T{clock or '00:00'}" if clock or not self.told["whole_days"] else day

    def drawn(self, typed: Typed) -> Drawn:
        """Return fields for a date and a time."""
        return self.draw("moment")


class Lines(Leaf):
    """Several values that are typed one a line: dates, codes, addresses of sites."""

    def written(self, value: Any) -> Texts:
        """Return them line by line, dates by the reader's calendar."""
        return {self.name: ["\n".join(self._written(each) for each in value or ())]}

    def value(self, typed: Typed) -> Any:
        """Return what stands in the lines; nothing is null, which the document takes for what holds by default."""
        lines = [line.strip(" ,;") for line in plain(typed[self.name]).splitlines()]
        return [self._typed(line) for line in lines if line] or None

    def drawn(self, typed: Typed) -> Drawn:
        """Return an area."""
        return self.draw("lines", longest=10_000)

    def _written(self, value: str) -> str:
        if self.told["item"]["kind"] != "day":
            return value
        return "-".join(part.zfill(2) for part in calendar_parts(date.fromisoformat(value), self.around.language))

    def _typed(self, line: str) -> str:
        if self.told["item"]["kind"] == "code":
            return line.upper()
        if self.told["item"]["kind"] != "day":
            return line
        return _day_of(re.split(r"[-/.]", line), self.around.language) or line


def _number_and_unit(length: str) -> tuple[str, str]:
    found = parse_duration(length)
    if found.minutes is None:
        return str(found.days), DAYS
    if found.minutes and found.minutes % 60 == 0 and not length.endswith("m"):
        return str(found.minutes // 60), HOURS
    return str(found.minutes), MINUTES


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(plain(text))
    return f"{int(found[1]):02}:{found[2] or '00'}" if found else text


def _day_written(name: str, value: str | None, language: str) -> Texts:
    if not has_parts(language):
        return {name: [value or ""]}
    parts = calendar_parts(date.fromisoformat(value), language) if value else ("", "", "")
    return {f"{name}.{part}": [text] for part, text in zip(_PARTS, parts, strict=True)}


def _day_typed(name: str, typed: Typed, language: str) -> str | None:
    if not has_parts(language):
        return typed[name] or None
    parts = [plain(typed[f"{name}.{part}"]) for part in _PARTS]
    return (_day_of(parts, language) or "-".join(parts)) if any(parts) else None


def has_parts(language: str) -> bool:
    """Tell whether a date is typed as day, month and year: the browser's own field counts by one calendar alone."""
    return calendar_parts(date(2000, 1, 1), language)[0] != "2000"


def _day_of(parts: list[str], language: str) -> str | None:
    """Return the date that a year, month and day are, None where there is none."""
    try:
        year, month, day = (int(part) for part in parts)
        return calendar_date(year, month, day, language).isoformat()
    except ValueError:
        return None

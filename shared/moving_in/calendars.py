"""Appointments of an iCalendar file as a table (RFC 5545; C14).

Series are expanded from a year back to a year ahead, changed and left-out ones among them heeded. Times keep their
zone; floating ones are of the clinic's clocks. Cancelled events are left out.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component, Event, vBroken, vRecur

from shared.moving_in.table import LONGEST_CELL, Row, Table
from shared.moving_in.unreadable import Unreadable

COLUMNS = (
    *("UID", "Start", "End", "Summary", "Attendee", "Attendee email", "Organizer", "Location", "Categories"),
    "Description",
)
PART = "Summary, part"
"""What the parts of a summary are called that holds several things: `Anna Berg - Examination`."""

MOST_EVENTS = 50_000
_MOST_OF_ALL_SERIES = 20_000
_AROUND = timedelta(days=366)
_EARLIEST = 1970
_MOST_PARTS = 4
_LONGEST_LINE = 1_000_000
_BOUNDS = re.compile(r"\s+[-–—|/]\s+|\s*:\s+|\s*[()\[\]]\s*")
_TOO_OFTEN = frozenset(["SECONDLY", "MINUTELY", "HOURLY"])
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")

_NO_CALENDAR = "The file is no calendar that can be read. Save it as iCalendar (.ics) once more."
_NO_EVENTS = "The calendar holds no appointments."
_TOO_MANY = "The calendar holds more appointments than can be read at once. Divide it into several files."
_SERIES_LEFT_OUT = "Some series repeat too often or cannot be read. They are left out."
_UNREADABLE_LEFT_OUT = "Some appointments have no time that can be read. They are left out."


_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
"""What the libraries raise for files that are broken in one way or another."""


def is_calendar(text: str) -> bool:
    """Tell whether a text is an iCalendar."""
    return text.lstrip("\ufeff \r\n")[:40].upper().startswith("BEGIN:V")


def calendar_table(text: str, today: date, most: int = MOST_EVENTS) -> Table:
    """Return the appointments of an iCalendar; a row's line is the number of its appointment.

    Raise Unreadable for what is no calendar, or holds more than `most` events (reading takes 0.4 ms for each).
    """
    if text.upper().count("BEGIN:VEVENT") > most:
        raise Unreadable(_TOO_MANY)
    if max(map(len, text.splitlines()), default=0) > _LONGEST_LINE:
        raise Unreadable(_NO_CALENDAR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both libraries guess the zones of other programs, and say so
        single, series = _sorted(_events(text))
        expanded, all_series = _expanded(series, today)
    found = [cells for event in (*single, *expanded) if (cells := _cells(event))]
    notes = [_SERIES_LEFT_OUT] if not all_series else []
    if len(found) < len(single) + len(expanded):
        notes.append(_UNREADABLE_LEFT_OUT)
    if not found:
        raise Unreadable(notes[0] if notes else _NO_EVENTS)
    return _without_empty(sorted(found, key=lambda cells: cells[1]), tuple(notes))


def _events(text: str) -> list[Event]:
    """Return all events of a file, wherever they stand in it."""
    try:
        found: Sequence[Component] = Component.from_ical(text, multiple=True)
    except _BROKEN:
        raise Unreadable(_NO_CALENDAR) from None
    return [event for root in found for event in root.walk("VEVENT") if isinstance(event, Event)]


def _sorted(events: Sequence[Event]) -> tuple[list[Event], list[list[Event]]]:
    """Return the events that happen once, and the events of each series."""
    by_uid: dict[str, list[Event]] = {}
    for number, event in enumerate(events):
        by_uid.setdefault(str(_of(event, "UID", f"-{number}")), []).append(event)
    single = [group for group in by_uid.values() if not any(map(_repeats, group))]
    return (
        [max(group, key=_sequence) for group in single if not _is_cancelled(max(group, key=_sequence))],
        [group for group in by_uid.values() if any(map(_repeats, group))],
    )


def _repeats(event: Event) -> bool:
    return any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _sequence(event: Event) -> int:
    try:
        return int(_of(event, "SEQUENCE", 0))
    except (ValueError, TypeError):
        return 0


def _is_cancelled(event: Event) -> bool:
    return str(_of(event, "STATUS", "")).upper() == "CANCELLED"


def _expanded(series: Sequence[Sequence[Event]], today: date) -> tuple[list[Event], bool]:
    """Return what series are within the bounds, and whether all of them could be expanded."""
    found, all_series = [], True
    for group in series:
        occurrences = _occurrences(group, today)
        all_series = all_series and occurrences is not None
        found += [event for event in occurrences or () if not _is_cancelled(event)]
        if len(found) > _MOST_OF_ALL_SERIES:
            raise Unreadable(_TOO_MANY)
    return found, all_series


def _occurrences(group: Sequence[Event], today: date) -> list[Event] | None:
    """Return when a series happens; None where that is too often, or nobody can tell."""
    if any(_is_too_often(event) or _begins_too_early(event) for event in group):
        return None
    calendar = Calendar()
    calendar.subcomponents.extend(group)
    first, last = (datetime.combine(day, time()) for day in (today - _AROUND, today + _AROUND))
    try:
        found: list[Event] = recurring_ical_events.of(calendar).between(first, last)
    except _BROKEN:
        return None
    return [_identified(event) for event in found]


def _is_too_often(event: Event) -> bool:
    """Tell whether a rule repeats several times a day, or is none that can be read."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, vRecur) or any(name in rule for name in _WITHIN_A_DAY):
            return True
        if _TOO_OFTEN.intersection(str(each).upper() for each in rule.get("FREQ", ())):
            return True
    return False


def _begins_too_early(event: Event) -> bool:
    found = getattr(_of(event, "DTSTART"), "dt", None)
    return isinstance(found, date) and found.year < _EARLIEST


def _identified(event: Event) -> Event:
    """Return an event of a series under a UID of its own: the series', and when it was to be in it."""
    moment = _moment(_of(event, "RECURRENCE-ID") or _of(event, "DTSTART"))
    event["UID"] = f"{_of(event, 'UID', '')} {moment}"
    return event


def _of(event: Event, name: str, missing: Any = None) -> Any:
    """Return a property, `missing` where it is not there or cannot be read."""
    found = event.get(name, missing)
    return missing if isinstance(found, vBroken) else found


def _cells(event: Event) -> tuple[str, ...] | None:
    start = _moment(_of(event, "DTSTART"))
    if start is None:
        return None
    attendee = _attendee(event)
    cells = {
        "UID": str(_of(event, "UID", "")),
        "Start": start,
        "End": _end(event) or "",
        "Attendee": attendee[0],
        "Attendee email": attendee[1],
        "Organizer": _party(_of(event, "ORGANIZER"))[0],
        "Categories": _categories(event),
        **{name: _text(_of(event, name.upper())) for name in ("Summary", "Location", "Description")},
    }
    return tuple(cells[name][:LONGEST_CELL] for name in COLUMNS)


def _moment(value: Any) -> str | None:
    """Return a date or a moment as ISO writes it, with the offset of its zone where it has one."""
    found = getattr(value, "dt", None)
    if not isinstance(found, date):
        return None
    return found.replace(microsecond=0).isoformat() if isinstance(found, datetime) else found.isoformat()


def _end(event: Event) -> str | None:
    if "DTEND" in event:
        return _moment(event["DTEND"])
    start, lasts = getattr(_of(event, "DTSTART"), "dt", None), getattr(_of(event, "DURATION"), "dt", None)
    if isinstance(start, datetime) and isinstance(lasts, timedelta):
        return (start + lasts).isoformat()
    return None


def _attendee(event: Event) -> tuple[str, str]:
    """Return name and address of the first who is invited and did not invite."""
    given = _of(event, "ATTENDEE", [])
    host = _party(_of(event, "ORGANIZER"))[1]
    parties = [_party(each) for each in (given if isinstance(given, list) else [given])]
    return next((party for party in parties if party[1] != host or not host), ("", ""))


def _party(value: Any) -> tuple[str, str]:
    if value is None:
        return "", ""
    address = re.sub(r"(?i)^mailto:", "", str(value)).strip()
    params = getattr(value, "params", {})
    return str(params.get("CN", "")).strip('" '), address if "@" in address else ""


def _categories(event: Event) -> str:
    given = _of(event, "CATEGORIES", [])
    return ", ".join(str(name) for each in (given if isinstance(given, list) else [given]) for name in _each(each))


def _each(categories: Any) -> Iterator[Any]:
    yield from getattr(categories, "cats", [categories])


def _text(value: Any) -> str:
    found = value[0] if isinstance(value, list) and value else value
    return "" if found is None or found == [] else str(found).replace("\0", "").strip()


def _without_empty(rows: Sequence[tuple[str, ...]], notes: tuple[str, ...]) -> Table:
    """Return the table without columns that are empty, and with the parts of summaries that have several."""
    place = COLUMNS.index("Summary")
    parts = [_parts(cells[place]) for cells in rows]
    width = max(map(len, parts))
    names = (*COLUMNS, *(f"{PART} {number}" for number in range(1, width + 1) if width > 1))
    wide = [
        (*cells, *(found + [""] * (width - len(found)) if width > 1 else []))
        for cells, found in zip(rows, parts, strict=True)
    ]
    kept = [at for at in range(len(names)) if any(cells[at] for cells in wide)]
    return Table(
        tuple(names[at] for at in kept),
        [Row(number, tuple(cells[at] for at in kept)) for number, cells in enumerate(wide, 1)],
        notes=notes,
    )


def _parts(summary: str) -> list[str]:
    return [part for part in _BOUNDS.split(summary, maxsplit=_MOST_PARTS - 1) if part.strip()]

"""A table's rows as lines that services take in, with what already the reading found wrong or doubtful (C14)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.moving_in import values
from shared.moving_in.dates import are_mixed, clock, numbers_of, possible
from shared.moving_in.fields import CHOSEN, NEEDS, PATIENTS
from shared.moving_in.house import House
from shared.moving_in.mapping import LEAVE_OUT, Reading, dates
from shared.moving_in.table import Row, Table

NOT_A_DATE = "This is not a date that can be read. Write it as 1985-12-24, or choose how dates are written."
TWO_DATES = "This date can be read in two ways, and the file has both."
NOT_A_TIME = "This is not a time of day that can be read. Write it as 14:30."
NOT_A_WEEK = "This is neither a week nor a date that can be read. Write it as 2026-W49."
NOT_A_LENGTH = "This is not a length in minutes. Write it as 30."
NO_NAME = "The name is missing. First and last name are needed."
NEITHER_YES_NOR_NO = "This is neither yes nor no."
NOT_CHOSEN = "Nothing of the clinic's is chosen for this name."


_BREAKS = str.maketrans({"\n": " ", "\r": " ", "\t": " "})
_WHO = {
    "patient_former": "former",
    **{name: name for name in ("national_id", "birth_date", "first_name", "last_name", "mobile", "email")},
}
"""What tells whom a line is of, and what services call it."""


@dataclass(frozen=True)
class Line:
    """One line: what is `sent` of it (None: nothing), what is wrong by field, and what the reading itself doubts."""

    number: int
    sent: Mapping[str, Any] | None
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    doubt: str = ""
    is_left_out: bool = False


def has_two_orders(table: Table, reading: Reading) -> bool:
    """Tell whether some dates of a table can only stand in one order, and others only in another."""
    return are_mixed(dates(table, reading.kind, reading.columns))


class Reader:
    """Reads rows of one table by one reading."""

    def __init__(self, reading: Reading, house: House, *, has_two_orders: bool) -> None:
        self._reading = reading
        self._house = house
        self._days = reading.days(house.today, jalali=house.country == "IR")
        self._has_two_orders = has_two_orders

    @classmethod
    def of(cls, table: Table, reading: Reading, house: House) -> "Reader":
        """Return the reader of a whole table, whose dates tell together whether there are two orders."""
        return cls(reading, house, has_two_orders=has_two_orders(table, reading))

    def lines(self, rows: Iterable[Row]) -> Iterator[Line]:
        """Yield the rows' lines."""
        return map(self.line, rows)

    def line(self, row: Row) -> Line:
        """Return the line of a row."""
        cells = {name: row.cells[place] for name, place in self._reading.columns.items() if row.cells[place]}
        errors: dict[str, list[str]] = {}
        if values.is_cancelled(cells.get("status", "")) or LEAVE_OUT in self._chosen(cells).values():
            return Line(row.line, None, is_left_out=True)
        person = self._person(cells, errors)
        if self._reading.kind == PATIENTS:
            errors |= {name: [NO_NAME] for name in ("first_name", "last_name") if not person.get(name)}
            sent = {**_named(cells, "former"), **person, **self._consent(cells, errors), **_text(cells, "note")}
        else:
            sent = {**_named(cells, "former"), "patient": _who(cells, person), **self._what(cells, errors)}
            sent |= self._week(cells, errors) if self._reading.kind == NEEDS else self._when(cells, errors)
        return Line(row.line, None if errors else {"line": row.line, **sent}, errors, self._doubt(cells))

    def _person(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: cells[name].translate(_BREAKS) for name in ("first_name", "last_name", "email") if name in cells
        }
        if "name" in cells and not found.keys() & {"first_name", "last_name"}:
            first, last = values.names(cells["name"].translate(_BREAKS))
            found |= {name: text for name, text in (("first_name", first), ("last_name", last)) if text}
        if self._house.country == "IR":
            found = {name: values.persian(text) for name, text in found.items()}
        if "national_id" in cells:
            found["national_id"] = values.number(cells["national_id"], self._house.scheme, self._house.today)
        if "birth_date" in cells:
            born = self._days.born(cells["birth_date"])
            found["birth_date"] = born and born.isoformat()
            if born is None:
                errors["birth_date"] = [NOT_A_DATE]
        if telephone := self._telephone(cells):
            found["mobile"] = telephone
        return found

    def _telephone(self, cells: Mapping[str, str]) -> str | None:
        """Return the mobile, wherever it stands of the two; else the other number, for staff to call."""
        given = [cells[name] for name in ("mobile", "telephone") if name in cells]
        mobiles = (values.mobile(text, self._house.country) for text in given)
        return next(filter(None, mobiles), values.telephone(given[0], self._house.country) if given else None)

    def _consent(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, bool]:
        found = {name: values.answer(cells[name]) for name in ("sms_ok", "email_ok") if name in cells}
        errors |= {name: [NEITHER_YES_NOR_NO] for name, said in found.items() if said is None}
        return {name: said for name, said in found.items() if said is not None}

    def _chosen(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return the clinic's own type and practitioner of a line, as far as one is chosen."""
        reading = self._reading
        by_name = {name: reading.chosen.get(name, {}).get(cells.get(name, ""), "") for name in CHOSEN}
        return {name: key for name in CHOSEN if (key := by_name[name] or reading.always.get(name, ""))}

    def _what(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
        found: dict[str, Any] = self._chosen(cells)
        may_be_missing = {"practitioner"} if self._reading.kind == NEEDS and "practitioner" not in cells else set()
        errors |= {name: [NOT_CHOSEN] for name in CHOSEN if name not in found and name not in may_be_missing}
        if "minutes" in cells:
            found["minutes"] = values.minutes(cells["minutes"])
            if found["minutes"] is None:
                errors["minutes"] = [NOT_A_LENGTH]
        return found

    def _week(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
        week = values.week(cells.get("week", ""), self._days)
        if week is None:
            errors["week"] = [NOT_A_WEEK]
        return {"week": week}

    def _when(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
        start = self._moment(cells.get("start", ""), cells.get("time", ""))
        if start is None:
            is_day = self._days.on(cells.get("start", "")) is not None
            errors["start"] = [NOT_A_TIME if is_day else NOT_A_DATE]
            return {}
        end = self._end(cells["end"], start) if "end" in cells and "minutes" not in cells else None
        length = {} if end is None else {"minutes": round((end - start).total_seconds() / 60)}
        if length and length["minutes"] <= 0:
            errors["minutes"] = [NOT_A_LENGTH]
        return {"start": start.isoformat(), **length, **_text(cells, "message")}

    def _end(self, text: str, start: datetime) -> datetime | None:
        """Return when an appointment ends: a moment, or a time of its day."""
        end = self._moment(text, "")
        if end is None and (at := clock(text)) is not None:
            return datetime.combine(start.date(), at, start.tzinfo)
        return end if end is None or (end.tzinfo is None) == (start.tzinfo is None) else None

    def _moment(self, text: str, time: str) -> datetime | None:
        """Return a moment, with its zone where the text has one, else by the clinic's clocks."""
        try:
            written = datetime.fromisoformat(text) if "T" in text else None
        except ValueError:
            written = None
        if written is not None and not time:
            return written
        day, at = self._days.on(text), clock(time) if time else clock(text)
        return None if day is None or at is None else datetime.combine(day, at)

    def _doubt(self, cells: Mapping[str, str]) -> str:
        texts = (cells.get(name, "") for name in ("birth_date", "start", "week"))
        unclear = self._has_two_orders and any(len(possible(numbers_of(text))) > 1 for text in texts)
        return TWO_DATES if unclear else ""


def _who(cells: Mapping[str, str], person: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that tells whom a line is of: the service knows which of it is sure."""
    known = {**person, **_named(cells, "patient_former")}
    return {name: known[field_] for field_, name in _WHO.items() if field_ in known}


def _named(cells: Mapping[str, str], name: str) -> dict[str, str]:
    return {name: cells[name].translate(_BREAKS)} if name in cells else {}


def _text(cells: Mapping[str, str], name: str) -> dict[str, str]:
    return {name: cells[name].replace("\r\n", "\n")} if name in cells else {}

"""Which column of a file is what: proposed from the columns' names and from what their values look like (C14)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shared.moving_in import values
from shared.moving_in.dates import Days, Orders, clock, numbers_of, order_of
from shared.moving_in.fields import APPOINTMENTS, CHOSEN, FIELDS, NEEDS, ORDERS, PATIENTS
from shared.moving_in.header_words import WORDS, plain
from shared.moving_in.house import House, Names
from shared.moving_in.table import Table

LEAVE_OUT = "-"
"""What is chosen for a name whose lines are not taken over."""

_LOOKED_AT = 100
_MOSTLY = 0.7
_BY_OUR_NAME, _BY_NAME, _BY_PART_OF_NAME, _BY_LOOK = 9, 4, 2, 1

_DATES: Mapping[str, str] = {PATIENTS: "birth_date", NEEDS: "week", APPOINTMENTS: "start"}
"""The field of each kind whose dates tell in which order all of them stand, beside birth dates."""


@dataclass(frozen=True)
class Reading:
    """How a table is read. `columns` tell the column of each field, by its place.

    `always` is the clinic's own type or practitioner of all lines, where no column says it. `chosen` tells by field
    which of the clinic's own a name in the file stands for; "" is none yet, LEAVE_OUT leaves its lines out.
    """

    kind: str
    columns: Mapping[str, int]
    order: str
    always: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def days(self, today: date, *, jalali: bool) -> Days:
        """Return how the dates are read."""
        return Days(self.order, today, jalali)


def proposal(table: Table, kind: str, house: House, called: Mapping[str, Collection[str]] | None = None) -> Reading:
    """Return how a table seems to be meant: nothing of it is certain, and all of it can be changed.

    `called` are our own names of fields: a column that is called just so is that field.
    """
    columns: dict[str, int] = {}
    ours = {field_: frozenset(map(plain, names)) for field_, names in (called or {}).items()}
    for _, field_, place in sorted(_likely(table, kind, house, ours), key=lambda each: -each[0]):
        if field_ not in columns and place not in columns.values():
            columns[field_] = place
    columns = _without_doubles(columns)
    reading = Reading(kind, columns, order_of(dates(table, kind, columns), house.country).order)
    return named(table, reading, house)


def named(table: Table, reading: Reading, house: House) -> Reading:
    """Return the reading with the clinic's own for those names that say it themselves; what was chosen stays."""
    chosen = {
        field_: {name: _own(name, house.own(field_)) for name in names_in(table, reading, field_)}
        | dict(reading.chosen.get(field_, {}))
        for field_ in CHOSEN
        if field_ in reading.columns
    }
    return replace(reading, chosen=chosen)


def dates(table: Table, kind: str, columns: Mapping[str, int]) -> Iterator[str]:
    """Yield the texts of a file that are dates, by which their order is told."""
    for field_ in ("birth_date", _DATES[kind]):
        if field_ in columns:
            yield from (row.cells[columns[field_]] for row in table.rows if row.cells[columns[field_]])


def orders(table: Table, reading: Reading, house: House) -> Orders:
    """Return in which order the dates of the columns that are read stand, and whether that is certain."""
    return order_of(dates(table, reading.kind, reading.columns), house.country)


def names_in(table: Table, reading: Reading, field_: str) -> Sequence[str]:
    """Return the different names that a column has, the most frequent first; "" where it is empty somewhere."""
    place = reading.columns.get(field_)
    if place is None:
        return []
    counts: dict[str, int] = {}
    for row in table.rows:
        counts[row.cells[place]] = counts.get(row.cells[place], 0) + 1
    return sorted(counts, key=lambda name: -counts[name])


def _own(name: str, own: Names) -> str:
    """Return the key of the clinic's own that has this name, or of the only one whose names hold it; else ""."""
    wanted = plain(name)
    exact = _called(wanted, own)
    if exact or not wanted:
        return exact[0] if exact else ""
    near = [
        key
        for key, names in own.items()
        if any(_holds(plain(called), wanted) or _holds(wanted, plain(called)) for called in names)
    ]
    return near[0] if len(near) == 1 else ""


def _called(wanted: str, own: Names) -> list[str]:
    """Return the keys of those that are called just so."""
    return [key for key, names in own.items() if wanted in {plain(key), *map(plain, names)}]


def _holds(whole: str, part: str) -> bool:
    return bool(part) and f" {part} " in f" {whole} "


def _likely(
    table: Table, kind: str, house: House, ours: Mapping[str, Collection[str]]
) -> Iterator[tuple[float, str, int]]:
    """Yield how likely each column is each field, where it is at all; of equals the first wins."""
    for place, column in enumerate(table.columns):
        name, seen = plain(column), table.values(place, _LOOKED_AT)
        for rank, field_ in enumerate(FIELDS[kind]):
            score = _by_name(name, kind, field_) + _by_look(seen, field_, house)
            if name in ours.get(field_, ()):
                score = _BY_OUR_NAME
            if score > 0:
                yield score - rank / 100 - place / 10_000, field_, place


def _by_name(name: str, kind: str, field_: str) -> int:
    words = WORDS[field_] | (WORDS["patient_former"] if (kind, field_) == (PATIENTS, "former") else frozenset())
    if name in words:
        return _BY_NAME
    return _BY_PART_OF_NAME if any(len(word) > 2 and _holds(name, word) for word in words) else 0


def _by_look(seen: Sequence[str], field_: str, house: House) -> int:
    """Return what a column's values speak for its being a field, or against it; 0 where they could be anything."""
    looks = _LOOKS.get(field_)
    if looks is None or not seen:
        return 0
    share = sum(looks(value, house) for value in seen) / len(seen)
    if share >= _MOSTLY:
        return _BY_LOOK
    return -_AGAINST.get(field_, _BY_NAME) if share < 1 - _MOSTLY else 0


def _is_date(text: str, _house: House) -> bool:
    return numbers_of(text) is not None


def _is_birth_date(text: str, house: House) -> bool:
    born = [Days(order, house.today, jalali=house.country == "IR").born(text) for order in ORDERS]
    return any(each is not None and each < house.today for each in born)


def _is_week(text: str, house: House) -> bool:
    return values.week(text, Days("dmy", house.today)) is not None or _is_date(text, house)


def _is_name(text: str, _house: House) -> bool:
    words = text.replace(",", " ").split()
    return len(words) > 1 and all(word.replace("-", "").replace("'", "").strip(".").isalpha() for word in words)


_LOOKS: Mapping[str, Callable[[str, House], bool]] = {
    "national_id": lambda text, house: values.looks_like_a_number(text, house.scheme, house.today),
    "birth_date": _is_birth_date,
    "name": _is_name,
    "type": lambda text, house: bool(_called(plain(text), house.types)),
    "practitioner": lambda text, house: bool(_called(plain(text), house.practitioners)),
    "mobile": lambda text, house: house.country is None or values.mobile(text, house.country) is not None,
    "telephone": lambda text, house: sum(sign.isdigit() for sign in text) > 5,
    "email": lambda text, _house: "@" in text,
    "sms_ok": lambda text, _house: values.answer(text) is not None,
    "email_ok": lambda text, _house: values.answer(text) is not None,
    "start": _is_date,
    "time": lambda text, _house: clock(text) is not None,
    "end": lambda text, _house: clock(text) is not None,
    "minutes": lambda text, _house: values.minutes(text) is not None and not _is_date(text, _house),
    "week": _is_week,
}
"""What values of a field look like."""
_AGAINST = {"name": _BY_PART_OF_NAME, "type": 0, "practitioner": 0}
"""How much it speaks against a column that its values do not look so, where that settles nothing."""


def _without_doubles(columns: dict[str, int]) -> dict[str, int]:
    """Leave out a whole name where first and last name stand apart."""
    if {"first_name", "last_name"} <= columns.keys():
        columns.pop("name", None)
    return columns

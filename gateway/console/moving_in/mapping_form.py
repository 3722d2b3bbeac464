"""The form by which a file's columns and names are mapped by sight (C14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from gateway.console.frame.here import Here
from gateway.console.frame.speaking import say_in
from gateway.console.frame.typed import Typed
from gateway.console.moving_in.words import FIELDS as WORDS
from gateway.console.moving_in.words import LEFT_OUT
from gateway.http.wording import N_
from shared.moving_in.fields import APPOINTMENTS, CHOSEN, FIELDS, NEEDS, ORDERS, PATIENTS
from shared.moving_in.house import House
from shared.moving_in.mapping import LEAVE_OUT, Reading, named, names_in, orders
from shared.moving_in.table import Table
from shared.texts.language import LANGUAGES

MOST_NAMES = 40
"""How many different names of a column are asked about; lines with others stay to be mended."""
_SAMPLES = 3

_NO_NAMES = N_("Say which columns hold the first and the last name.")
_NOBODY = N_("Say which column tells whose line it is: a number, or the name.")
_NO_START = N_("Say which column holds the day of the appointment.")
_NO_WEEK = N_("Say which column holds the week to be called in for.")
_NOT_CHOSEN = N_("Choose what these names stand for, or one for all lines.")
_TWICE = N_("Two columns cannot be the same.")

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """A column of the file, with what it is (`field`) and the first of its values."""

    place: int
    name: str
    field: str
    samples: Sequence[str]


@dataclass(frozen=True)
class Names:
    """The names of a column, each with how many lines have it and what is chosen; `always` where a line has none."""

    field: str
    rows: Sequence[tuple[str, str, int, str]]
    always: str
    more: int
    choices: Pairs
    has_column: bool


def columns_of(table: Table, reading: Reading) -> list[Column]:
    """Return the columns as the form shows them."""
    fields = {place: field for field, place in reading.columns.items()}
    return [
        Column(place, name, fields.get(place, ""), table.values(place, _SAMPLES))
        for place, name in enumerate(table.columns)
    ]


def names_of(here: Here, table: Table, reading: Reading, house: House) -> list[Names]:
    """Return the names to be chosen for: of types and practitioners, where lines have them."""
    if reading.kind == PATIENTS:
        return []
    return [_names(here, field, table, reading) for field in CHOSEN]


@cache
def our_names() -> Mapping[str, Sequence[str]]:
    """Return what fields are called in our own words, in every language: the example files have them."""
    return {field: [say_in(language, word) for language in LANGUAGES] for field, word in WORDS.items()}


def field_choices(here: Here, kind: str) -> Pairs:
    """Return what a column can be."""
    return [("", here.say(N_("Not taken over"))), *((field, here.say(WORDS[field])) for field in FIELDS[kind])]


def read_form(typed: Typed, table: Table, kind: str, before: Reading, house: House) -> Reading:
    """Return the reading as the form says it."""
    columns: dict[str, int] = {}
    for place in range(len(table.columns)):
        if (field := typed[f"column.{place}"]) in FIELDS[kind]:
            columns.setdefault(field, place)
    order = typed["order"] if typed["order"] in ORDERS else before.order
    always = {field: typed[f"always.{field}"] for field in CHOSEN if typed[f"always.{field}"] in house.own(field)}
    reading = named(table, Reading(kind, columns, order, always), house)
    return replace(reading, chosen=_chosen(typed, table, reading, house))


def errors_of(typed: Typed, reading: Reading) -> dict[str, str]:
    """Return what is missing, by the place where it is said."""
    fields = [text for name, text in typed.items() if name.startswith("column.") and text]
    columns, found = reading.columns.keys(), {}
    if len(set(fields)) < len(fields):
        found["columns"] = _TWICE
    elif reading.kind == PATIENTS and not ("name" in columns or {"first_name", "last_name"} <= columns):
        found["columns"] = _NO_NAMES
    elif reading.kind != PATIENTS and not columns & {"patient_former", "national_id", "name", "last_name"}:
        found["columns"] = _NOBODY
    elif reading.kind == APPOINTMENTS and "start" not in columns:
        found["columns"] = _NO_START
    elif reading.kind == NEEDS and "week" not in columns:
        found["columns"] = _NO_WEEK
    wanted = {PATIENTS: (), NEEDS: ("type",), APPOINTMENTS: CHOSEN}[reading.kind]
    missing = (
        name for name in wanted if not reading.always.get(name) and not any(reading.chosen.get(name, {}).values())
    )
    return found | {f"names-{field}": _NOT_CHOSEN for field in missing}


def is_order_unsure(table: Table, reading: Reading, house: House) -> bool:
    """Tell whether no date of the file tells in which order days and months stand."""
    return not orders(table, reading, house).is_sure


def _names(here: Here, field: str, table: Table, reading: Reading) -> Names:
    found = [name for name in names_in(table, reading, field) if name]
    counts = _counts(table, reading.columns.get(field))
    chosen = reading.chosen.get(field, {})
    shown = found[:MOST_NAMES]
    own = here.names.pairs("types" if field == "type" else "practitioners")
    rows = [(f"name.{field}.{at}", name, counts[name], chosen.get(name, "")) for at, name in enumerate(shown)]
    choices = [("", here.say(N_("Choose"))), *own, (LEAVE_OUT, here.say(LEFT_OUT))]
    return Names(field, rows, reading.always.get(field, ""), len(found) - len(shown), choices, field in reading.columns)


def _counts(table: Table, place: int | None) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for row in table.rows if place is not None else ():
        assert place is not None
        counts[row.cells[place]] = counts.get(row.cells[place], 0) + 1
    return counts


def _chosen(typed: Typed, table: Table, reading: Reading, house: House) -> dict[str, dict[str, str]]:
    """Return what is chosen for the names that the form showed; what it did not show stays as it is proposed."""
    chosen = {field: dict(found) for field, found in reading.chosen.items()}
    for field, found in chosen.items():
        shown = [name for name in names_in(table, reading, field) if name][:MOST_NAMES]
        if typed[f"shown.{field}"] != str(reading.columns[field]):
            continue  # the form was drawn for another column
        for at, name in enumerate(shown):
            key = typed[f"name.{field}.{at}"]
            found[name] = key if key in house.own(field) or key == LEAVE_OUT else ""
    return chosen

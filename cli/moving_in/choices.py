"""What the command line says of how a file is to be read: columns, names, dates, decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cli.faces.endings import fail
from shared.moving_in.fields import CHOSEN, FIELDS
from shared.moving_in.house import House
from shared.moving_in.mapping import LEAVE_OUT, Reading, named, proposal
from shared.moving_in.table import Table


def reading_of(
    table: Table,
    kind: str,
    house: House,
    said: Sequence[str],
    names: Sequence[str],
    always: Sequence[str],
    dates: str | None,
) -> Reading:
    """Return the proposal with what was `said` otherwise; end the program with a sentence where that cannot be.

    `said` tells columns, `first_name=Förnamn`, and leaves one out by `note=`; `names` tell what a name of the file
    stands for, `type:Kontroll=exam`; `always` what holds for all lines, `practitioner=anna`.
    """
    reading = proposal(table, kind, house)
    columns = {**reading.columns, **_columns(table, kind, said)}
    kept = {field: place for field, place in columns.items() if place >= 0}
    reading = named(table, replace(reading, columns=kept, order=dates or reading.order), house)
    chosen = {field: dict(found) for field, found in reading.chosen.items()}
    for field, name, key in _names(names, house):
        chosen.setdefault(field, {})[name] = key
    return replace(reading, chosen=chosen, always=_always(always, house))


def decisions(said: Iterable[str]) -> Mapping[int, str]:
    """Return what is decided of doubtful lines: `12=new`, `13=leave`, `14=read`, `15=<id of a patient>`."""
    found = {}
    for each in said:
        line, _, decided = each.partition("=")
        if not line.isdecimal() or not decided:
            fail(f"--decide {each}: write the number of the line and what is decided, such as 12=new.")
        found[int(line)] = decided
    return found


def _columns(table: Table, kind: str, said: Iterable[str]) -> dict[str, int]:
    found = {}
    for pair in (pair for each in said for pair in each.split(",")):
        field, _, column = (part.strip() for part in pair.partition("="))
        if field not in FIELDS[kind]:
            fail(f"--columns: {field} is none of {', '.join(FIELDS[kind])}.")
        if column and column not in table.columns:
            fail(f"--columns: the file has no column {column}; it has {', '.join(table.columns)}.")
        found[field] = table.columns.index(column) if column else -1
    return found


def _names(said: Iterable[str], house: House) -> Iterable[tuple[str, str, str]]:
    for each in said:
        field, _, pair = each.partition(":")
        name, _, key = pair.rpartition("=")
        if field not in CHOSEN or not name:
            fail(f"--name {each}: write for example type:Kontroll=exam or practitioner:Dr. Berg=anna.")
        _require(key, field, house, f"--name {each}", also=(LEAVE_OUT,))
        yield field, name, key


def _always(said: Iterable[str], house: House) -> dict[str, str]:
    found = dict(each.split("=", 1) for each in said if "=" in each)
    for field, key in found.items():
        if field not in CHOSEN:
            fail("--always takes type=KEY and practitioner=KEY.")
        _require(key, field, house, f"--always {field}={key}")
    return found


def _require(key: str, field: str, house: House, where: str, also: tuple[str, ...] = ()) -> None:
    if key not in house.own(field) and key not in also:
        fail(f"{where}: the clinic has no {field} {key}; it has {', '.join(house.own(field))}.")

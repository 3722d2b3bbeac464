"""Takes a file over, batch by batch, over RPC; nothing of it is lost or done twice where it is stopped (C14)."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Printed

from cli.faces.endings import STOPPED, fail
from cli.moving_in.choices import decisions, reading_of
from cli.remote import Client, connect
from shared.contracts.errors import NotFound, Timeout, Unavailable
from shared.moving_in.batches import OUTCOMES, UNDONE, Result, counted, in_batches, results_of
from shared.moving_in.fields import SERVED
from shared.moving_in.file import read_file
from shared.moving_in.house import House, house_of
from shared.moving_in.leftovers import leftovers
from shared.moving_in.lines import Reader
from shared.moving_in.mapping import Reading, orders
from shared.moving_in.table import Table
from shared.moving_in.unreadable import Unreadable
from shared.settings import Settings

_PATIENCE = 60.0
_TRIES, _PAUSE = 4, 2.0
"""How often a service is asked that is not there, and seconds in between; a batch that came through twice is one."""
_GO_ON = "Run the same command again to go on: what is taken over already stays as it is."
_SHOWN = 20

_MEANS = {
    "new": "taken over",
    "known": "there already, nothing changed",
    "changed": "there already, completed",
    "doubtful": "could be somebody who is there; decide with --decide",
    "wrong": "cannot be taken over as it is",
    "collides": "meets another appointment; not taken over",
    "left_out": "cancelled, or left out as decided",
}


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    kind: str
    path: Path
    clinic: str
    columns: Sequence[str]
    names: Sequence[str]
    always: Sequence[str]
    decided: Sequence[str]
    dates: str | None
    encoding: str | None
    delimiter: str | None
    is_trial: bool
    as_json: bool


@dataclass
class Taken:
    """What came of the lines so far."""

    lines: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    undone: list[Result] = field(default_factory=list)


def take_over(settings: Settings, wanted: Wanted) -> None:
    """Take a file over, or tell what would come of it; exit code 1 where something is left for somebody to look at."""
    with connect(settings) as client:
        house = _house(client, wanted.clinic)
        table, reading = _read(wanted, house)
        if not wanted.as_json:
            _show_reading(table, reading, house)
        taken = _taken(client, wanted, house, table, reading)
    beside = _write_undone(wanted.path, table, taken.undone)
    _tell(wanted, taken, beside)
    if taken.undone:
        sys.exit(1)


def _house(client: Client, clinic: str) -> House:
    try:
        document = client.call("availability", "document", clinic)["document"]
    except NotFound:
        fail(f"There is no clinic {clinic}.")
    return house_of(document, datetime.now(ZoneInfo(document["time_zone"])).date())


def _read(wanted: Wanted, house: House) -> tuple[Table, Reading]:
    try:
        content = wanted.path.read_bytes()
        table = read_file(content, house.today, encoding=wanted.encoding, delimiter=wanted.delimiter).table
    except Unreadable as refused:
        fail(f"{wanted.path}: {refused}")
    reading = reading_of(table, wanted.kind, house, wanted.columns, wanted.names, wanted.always, wanted.dates)
    return table, reading


def _taken(client: Client, wanted: Wanted, house: House, table: Table, reading: Reading) -> Taken:
    """Send all batches; where somebody stops it, say how it goes on."""
    taken, decided = Taken(), decisions(wanted.decided)
    ask = _asking(client, wanted)
    try:
        with _progress(len(table.rows), quiet=wanted.as_json) as advance:
            for batch in in_batches(Reader.of(table, reading, house).lines(table.rows)):
                results = results_of(wanted.kind, batch, ask, decided)
                taken.lines += len(batch)
                taken.counts += counted(results)
                taken.undone += [result for result in results if result.outcome in UNDONE]
                advance(len(batch))
    except KeyboardInterrupt:
        click.echo(f"Stopped after {taken.lines} of {len(table.rows)} lines. {_GO_ON}", err=True)
        sys.exit(STOPPED)
    except (Unavailable, Timeout) as away:
        fail(f"after {taken.lines} of {len(table.rows)} lines: {away.detail} {_GO_ON}")
    return taken


def _asking(client: Client, wanted: Wanted) -> Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]]:
    service, method = SERVED[wanted.kind]

    def once(lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = client.call(
            service, method, wanted.clinic, lines=list(lines), dry_run=wanted.is_trial, timeout=_PATIENCE
        )
        return answer

    def ask(lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        for _ in range(_TRIES - 1):
            with suppress(Unavailable, Timeout):
                return once(lines)
            time.sleep(_PAUSE)
        return once(lines)

    return ask


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how far it is: a bar in a terminal, a line at each tenth elsewhere; both on standard error."""
    if sys.stderr.isatty() and not quiet:
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("lines", total=total)
            yield lambda count: bar.advance(task, count)
        return
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        tenth, done = done * 10 // total, done + count
        if not quiet and done * 10 // total > tenth:
            click.echo(f"{done} of {total} lines", err=True)

    yield tell


def _show_reading(table: Table, reading: Reading, house: House) -> None:
    """Print which column is what, with the first value of each, and what is still to be said."""
    fields = {place: name for name, place in reading.columns.items()}
    printed = Printed("column", "is", "for example", box=None)
    for place, column in enumerate(table.columns):
        printed.add_row(column, fields.get(place, "-"), next(iter(table.values(place, 1)), "")[:40])
    _console().print(printed)
    for name, found in reading.chosen.items():
        for said in [text for text, key in found.items() if not key and text][:_SHOWN]:
            click.echo(
                f"Nothing of the clinic's stands for the {name} {said}: say --name '{name}:{said}=KEY'.", err=True
            )
    if not orders(table, reading, house).is_sure:
        click.echo(f"No date tells the order of day and month: they are read as {reading.order} (--dates).", err=True)
    for note in table.notes:
        click.echo(note, err=True)


def _write_undone(path: Path, table: Table, undone: Iterable[Result]) -> Path | None:
    """Write the lines that are left beside the file, each with why; return where, None where none is."""
    beside = path.with_name(f"{path.stem}.left.csv")
    cells = {row.line: row.cells for row in table.rows}
    rows = [(cells[result.line], _why(result)) for result in undone]
    if not rows:
        beside.unlink(missing_ok=True)
        return None
    beside.write_text(leftovers(table.columns, "why not", rows), encoding="utf-8", newline="")
    return beside


def _why(result: Result) -> str:
    sentences = [f"{name}: {sentence}" for name, found in result.errors.items() for sentence in found]
    if result.candidates:
        sentences.append(f"could be {' or '.join(result.candidates)}")
    if result.twins:
        sentences.append(f"meets line {', '.join(map(str, result.twins))}")
    if result.meets:
        sentences.append(f"meets {' '.join(result.meets)}")
    return " ".join([f"{result.outcome} (line {result.line}).", *sentences])


def _tell(wanted: Wanted, taken: Taken, beside: Path | None) -> None:
    if wanted.as_json:
        told = {
            "clinic": wanted.clinic,
            "kind": wanted.kind,
            "dry_run": wanted.is_trial,
            "lines": taken.lines,
            "counts": {outcome: taken.counts[outcome] for outcome in OUTCOMES if taken.counts[outcome]},
            "left": [result.told() for result in taken.undone],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    printed = Printed("lines", "", "", box=None)
    for outcome in OUTCOMES:
        if taken.counts[outcome]:
            printed.add_row(str(taken.counts[outcome]), outcome, _MEANS[outcome])
    _console().print(printed)
    if beside is not None:
        click.echo(f"What is left stands in {beside}, each line with why: mend it there and take that file over.")
    if wanted.is_trial:
        click.echo("Nothing was written. Without --dry-run it is.")


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 200)

"""Sealing anew what is sealed with older keys: one process at a time, in small batches, again where it was stopped."""

import fcntl
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cli.faces.endings import fail
from cli.keys.commands import SEALS
from cli.keys.databases import opened, sealed_in
from cli.keys.lookups import hashed_in
from shared.sealed import Sealer, read_keys
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.keys.rehashing import HashedTable
from shared.storage.keys.resealing import SealedTable

_LOCK = 0x7265736561  # any number, the same in every process; each service has its own database
_PASSES, _PAUSE = 5, 1.0
"""How often rows are looked for that somebody was changing, and seconds in between."""


def reseal(settings: Settings) -> None:
    """Seal everything anew that is stored under older keys; say of each table how much. Exit code 1 where some is left.

    Databases are in use at most half of the time, and rows for one statement.
    """
    is_whole = True
    with opened(settings) as databases:
        for service, database in databases.items():
            with alone(service, database):
                for setting in SEALS:
                    keys = getattr(settings, setting.lower())
                    for sealed in sealed_in(service, setting):
                        is_whole &= _done(database, _sealing(service, sealed, keys))
                for hashed in hashed_in(service, settings) if settings.lookup_keys[1:] else ():
                    is_whole &= _done(database, _hashing(service, hashed))
    if not is_whole:
        sys.exit(1)


@dataclass(frozen=True)
class _Anew:
    """What is to be done anew in a table: `left` of a page, and `do` of the rows that a page `wants`.

    `do` returns how much it has done, and how much nobody can.
    """

    place: str
    done: str
    pages: Callable[[Database], Iterator[Any]]
    wants: Callable[[Any], list[tuple[Any, ...]]]
    left: Callable[[Any], int]
    do: Callable[[Database, list[tuple[Any, ...]]], tuple[int, int]]


def _sealing(service: str, sealed: SealedTable, keys: str) -> _Anew:
    """Return how a table is sealed anew; with one key nothing is looked at."""
    older, sealer = list(read_keys(keys))[1:], Sealer(keys)

    def do(database: Database, wanted: list[tuple[Any, ...]]) -> tuple[int, int]:
        batch = sealed.reseal(database, wanted, older, sealer)
        return batch.sealed.total(), batch.damaged

    return _Anew(
        f"{service}.{sealed.table.name}",
        "text(s) sealed anew",
        sealed.pages if older else _nothing,
        lambda page: sealed.to_reseal(page, older),
        lambda page: sealed.found(page, older).sealed.total(),
        do,
    )


def _nothing(_database: Database) -> Iterator[Any]:
    return iter(())


def _hashing(service: str, hashed: HashedTable) -> _Anew:
    newest = next(iter(hashed.keys))
    return _Anew(
        f"{service}.{hashed.lookup.table}",
        "row(s) hashed anew",
        hashed.pages,
        hashed.to_rehash,
        lambda page: hashed.found(page).total() - hashed.found(page)[newest],
        lambda database, wanted: (hashed.rehash(database, wanted).total(), 0),
    )


def _done(database: Database, anew: _Anew) -> bool:
    """Return whether nothing of a table is left under older keys, but what has to stay."""
    done, left = 0, 0
    with _progress() as progress:
        task = progress.add_task(anew.place)
        for number in range(_PASSES):
            looked_at, damaged = 0, 0
            if number:
                time.sleep(_PAUSE)
            for page in anew.pages(database):
                began = time.monotonic()
                if wanted := anew.wants(page):
                    did, cannot = anew.do(database, wanted)
                    done, damaged = done + did, damaged + cannot
                looked_at += len(page)
                progress.update(task, description=f"{anew.place}: {looked_at} rows, {done} {anew.done}")
                time.sleep(time.monotonic() - began)
            left = sum(map(anew.left, anew.pages(database)))
            if left <= damaged:
                break
    told = f"{anew.place}: {done} {anew.done}"
    click.echo(f"{told}, {left} left that could not be" if left else told)
    return not left


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def alone(service: str, database: Database) -> Iterator[None]:
    """Let no second process do the same; end the program where one does it already."""
    if database.is_sqlite:
        path = Path(f"{make_url(database.url).database}.resealing")
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                _somebody_does_it(service)
            yield
        return
    with database.reading() as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
            _somebody_does_it(service)
        yield
        connection.scalar(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})


def _somebody_does_it(service: str) -> None:
    fail(f"another process already seals anew what {service} stores; it goes on by itself.")

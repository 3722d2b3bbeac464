"""Sealing anew what is sealed with older keys: one process at a time, in small batches, again where it was stopped."""

import fcntl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cli.faces.endings import fail
from cli.keys.commands import SEALS
from cli.keys.databases import opened, sealed_in
from shared.sealed import Sealer, read_keys
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.resealing import Found, SealedTable

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
                        is_whole &= _reseal_table(service, database, sealed, keys)
    if not is_whole:
        sys.exit(1)


def _reseal_table(service: str, database: Database, sealed: SealedTable, keys: str) -> bool:
    """Return whether nothing of a table is left under older keys, but what has to stay."""
    older, sealer, done, left = list(read_keys(keys))[1:], Sealer(keys), Found(), 0
    place = f"{service}.{sealed.table.name}"
    with _progress() as progress:
        task = progress.add_task(place)
        for number in range(_PASSES if older else 0):
            left, looked_at, damaged = 0, 0, 0
            if number:
                time.sleep(_PAUSE)
            for page in sealed.pages(database):
                began = time.monotonic()
                if wanted := sealed.to_reseal(page, older):
                    batch = sealed.reseal(database, wanted, older, sealer)
                    done.add(batch)
                    damaged += batch.damaged
                looked_at += len(page)
                progress.update(task, description=f"{place}: {looked_at} rows, {done.sealed.total()} texts sealed anew")
                time.sleep(time.monotonic() - began)
            left = sum(sealed.found(page, older).sealed.total() for page in sealed.pages(database))
            if left <= damaged:
                break
    told = f"{place}: {done.sealed.total()} text(s) sealed anew"
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

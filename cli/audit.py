"""Histories of bookings and the checkpoints over them, held against each other (PRODUCT A1, ADR 52)."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from cli.faces.endings import fail
from cli.remote import Client, connect
from shared.settings import Settings

_PATIENCE = 30.0
_SUMS = ("checked", "entries", "checkpoints", "waiting")


def verify(settings: Settings, clinics: tuple[str, ...], *, as_json: bool) -> None:
    """Print of each clinic whether its histories are as they were written; exit code 1 where one is not.

    As JSON a line for each clinic: `{clinic, checked, entries, checkpoints, waiting, until, broken}`.
    """
    with connect(settings) as client:
        known = [each["clinic"] for each in client.call("availability", "clinics")["clinics"]]
        if unknown := sorted(set(clinics) - set(known)):
            fail(f"There is no clinic {', '.join(unknown)}.")
        found = [_verified(client, clinic, quiet=as_json) for clinic in clinics or known]
    for each in found:
        click.echo(json.dumps(each)) if as_json else _show(each)
    if any(each["broken"] for each in found):
        sys.exit(1)


def _verified(client: Client, clinic: str, *, quiet: bool) -> dict[str, Any]:
    """Look at all pages of a clinic; say meanwhile how far it is, where somebody reads it."""
    sums: Counter[str] = Counter(dict.fromkeys(_SUMS, 0))
    broken: list[dict[str, Any]] = []
    until = None
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True,
        disable=quiet or not console.is_terminal,
    ) as progress:  # fmt: skip
        task = progress.add_task(clinic)
        for page in _pages(client, clinic):
            sums.update({name: page[name] for name in _SUMS})
            broken += page["broken"]
            until = page["until"]
            progress.update(
                task, description=f"{clinic}: {sums['checked']} bookings, {sums['checkpoints']} checkpoints"
            )
    return {"clinic": clinic, **sums, "until": until, "broken": broken}


def _pages(client: Client, clinic: str) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = client.call("booking", "verify_history", clinic, timeout=_PATIENCE, **cursor)
        yield page
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def _show(found: dict[str, Any]) -> None:
    looked = "{clinic}: {checked} booking(s), {entries} entries, {checkpoints} checkpoint(s) looked at".format(**found)
    if not found["broken"]:
        click.echo(f"{looked}: all is as it was written.")
    else:
        click.echo(f"{looked}: {len(found['broken'])} place(s) are not as they were written.")
        table = Table("booking", "entry", "checkpoint", "what is wrong", box=None)
        for each in found["broken"]:
            where = ("-" if each[name] is None else str(each[name]) for name in ("reference", "position", "checkpoint"))
            table.add_row(*where, each["reason"])
        Console(width=None if sys.stdout.isatty() else 200).print(table)
    if found["waiting"]:
        click.echo(
            f"{found['clinic']}: {found['waiting']} booking(s) wait for the next checkpoint, which comes each minute."
        )

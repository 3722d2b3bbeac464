"""Events that could not be acted on, and those that wait: on RabbitMQ's queues or in the embedded bus's tables."""

import sys
from collections.abc import Collection, Iterable
from itertools import groupby

import click
from rich.console import Console
from rich.table import Table

from cli.faces.endings import fail
from cli.local.client import nobody_on
from cli.serve import house
from shared.bus.dead_letter_queues import open_dead_letters
from shared.bus.events.dead_letters import FILE_NAME, DeadLetter, DeadLetters
from shared.bus.events.held_up import HeldUp
from shared.bus.events.topology import subscriptions_of
from shared.settings import Settings


def show_list(settings: Settings) -> None:
    """Print all of them as a table, and how many events wait for somebody else."""
    opened = _opened(settings)
    letters, waiting = opened.waiting(_queues()), opened.held_up(_queues())
    if letters:
        rows = [(letter.id, letter.queue, str(letter.attempts), letter.last_error) for letter in letters]
        _print_table(("id", "queue", "attempts", "error"), rows)
    else:
        click.echo("No dead letters.")
    if waiting:
        click.echo("What waits for somebody else, and is tried every ten seconds until they are there:")
        _print_table(("waiting", "queue", "since", "for"), _counted(waiting))


def known_letters(settings: Settings) -> list[DeadLetter]:
    """Return all of them; none where the bus inside a process has not set any aside."""
    if settings.embedded and not (settings.data_dir / FILE_NAME).exists():
        return []
    return open_dead_letters(settings).waiting(_queues())


def show_one(settings: Settings, wanted: str) -> None:
    """Print each of that id with its first and last error and what it says; what is personal in it stays sealed."""
    letters = _opened(settings).waiting(_queues(), [wanted])
    for letter in letters:
        click.echo(f"id        {letter.id}\nqueue     {letter.queue}\nattempts  {letter.attempts}")
        click.echo(
            f"first     {letter.first_error}\nlast      {letter.last_error}\n\n{letter.traceback}\n{letter.body}"
        )
    _tell_of_missing([wanted], letters)


def replay(settings: Settings, wanted: Collection[str], queues: Collection[str]) -> None:
    """Hand those back to their consumers that are `wanted`, or all; of these queues, or of every one."""
    moved = []
    for letter in _opened(settings).replay(_queues(queues), wanted or None):
        click.echo(f"{letter.id}: handed back to {letter.queue}")
        moved.append(letter)
    if not wanted and not moved:
        click.echo("No dead letters.")
    _tell_who_does_it(settings, moved)
    _tell_of_missing(wanted, moved)


def park(settings: Settings, wanted: Collection[str], queues: Collection[str]) -> None:
    """Set aside what waits for somebody else: those `wanted`, or all; of these queues, or of every one."""
    parked = []
    for event in _opened(settings).park(_queues(queues), wanted or None):
        click.echo(f"{event.id}: set aside from {event.queue}")
        parked.append(event.id)
    if not wanted and not parked:
        click.echo("Nothing waits.")
    _tell_who_does_it(settings, parked)
    if missing := sorted(set(wanted) - set(parked)):
        fail(f"There waits no {', '.join(missing)}; `frontdesk dead-letters list` shows how many do.")


def drop(settings: Settings, wanted: Collection[str], queues: Collection[str]) -> None:
    """Throw those away that are `wanted`, from these queues or from every one."""
    dropped = _opened(settings).drop(_queues(queues), wanted)
    for letter in dropped:
        click.echo(f"{letter.id}: dropped from {letter.queue}")
    _tell_of_missing(wanted, dropped)


def _opened(settings: Settings) -> DeadLetters:
    """Return the dead letters; raise Unavailable where no installation can have any: no answer would be a false one."""
    if settings.embedded and not (settings.data_dir / FILE_NAME).exists():
        raise nobody_on(settings.data_dir)
    return open_dead_letters(settings)


def _counted(waiting: Collection[HeldUp]) -> list[tuple[str, str, str, str]]:
    """Return for each queue how many events wait, since when the oldest, and for what it does."""
    by_queue = {queue: list(events) for queue, events in groupby(waiting, key=lambda event: event.queue)}
    return [
        (str(len(events)), queue, events[0].since.isoformat(timespec="seconds"), events[0].reason)
        for queue, events in by_queue.items()
    ]


def _print_table(columns: Collection[str], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _queues(chosen: Collection[str] = ()) -> list[str]:
    """Return the work queues of the whole house, or those chosen; one that there is not ends the program."""
    known = sorted({subscription.queue_name for subscription in subscriptions_of(house())})
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        fail(f"There is no queue {', '.join(unknown)}; nothing was done.")
    return sorted(set(chosen)) or known


def _tell_who_does_it(settings: Settings, noted: Collection[object]) -> None:
    """Say where it was only noted for the process that has the bus inside."""
    if noted and settings.embedded:
        click.echo("Frontdesk does so within seconds where it runs on this DATA_DIR, else at its next start.", err=True)


def _tell_of_missing(wanted: Collection[str], found: Iterable[DeadLetter]) -> None:
    """End the program with exit code 1 where a letter was asked for that was not there."""
    missing = sorted(set(wanted) - {letter.id for letter in found})
    if missing:
        fail(f"There is no dead letter {', '.join(missing)}; `frontdesk dead-letters list` shows those there are.")

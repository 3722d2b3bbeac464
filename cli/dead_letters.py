"""Events that could not be acted on: list, show, replay, drop; on RabbitMQ's queues or the embedded bus's table."""

import sys
from collections.abc import Iterator, Sequence
from itertools import chain

import click
from rich.console import Console
from rich.table import Table

from cli.remote import fail
from cli.serve import house
from shared.bus.client import open_dead_letters
from shared.bus.events.dead_letters import DeadLetter, DeadLetters
from shared.bus.events.topology import subscriptions_of
from shared.settings import Settings


def show_list(settings: Settings) -> None:
    """Print all of them as a table."""
    letters = list(_all(open_dead_letters(settings)))
    if not letters:
        click.echo("No dead letters.")
        return
    table = Table("id", "queue", "attempts", "error", box=None)
    for letter in letters:
        table.add_row(letter.id, letter.queue, str(letter.attempts), letter.last_error)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def show_one(settings: Settings, wanted: str) -> None:
    """Print one with its first and last error and what it says; what is personal in it stays sealed."""
    letter = _find(open_dead_letters(settings), wanted)
    click.echo(f"id        {letter.id}\nqueue     {letter.queue}\nattempts  {letter.attempts}")
    click.echo(f"first     {letter.first_error}\nlast      {letter.last_error}\n\n{letter.traceback}\n{letter.body}")


def replay(settings: Settings, wanted: Sequence[str]) -> None:
    """Hand each back to its consumer."""
    store = open_dead_letters(settings)
    for name in wanted:
        letter = _find(store, name)
        store.replay(letter.queue, letter.id)
        click.echo(f"{letter.id}: handed back to {letter.queue}")


def drop(settings: Settings, wanted: Sequence[str]) -> None:
    """Throw each away."""
    store = open_dead_letters(settings)
    for name in wanted:
        letter = _find(store, name)
        store.drop(letter.queue, letter.id)
        click.echo(f"{letter.id}: dropped from {letter.queue}")


def _all(store: DeadLetters) -> Iterator[DeadLetter]:
    queues = sorted({subscription.queue_name for subscription in subscriptions_of(house())})
    return chain.from_iterable(store.waiting(queue) for queue in queues)


def _find(store: DeadLetters, wanted: str) -> DeadLetter:
    found = next((letter for letter in _all(store) if letter.id == wanted), None)
    if found is None:
        fail(f"There is no dead letter {wanted}; `frontdesk dead-letters list` shows those there are.")
    return found

"""What events bring about: made ready outside of a transaction, written in one for as many as have gathered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.contracts.envelope import Event

Prepared = TypeVar("Prepared")


def _nothing_more(_written: Any) -> None:
    """Leave it at what was written."""


@dataclass(frozen=True)
class Effect(Generic[Prepared]):
    """What a consumer's method returns of the events that it was given.

    `prepared` are those that are its business, each with what was made ready for it; whatever waits for others (a
    document, another service) has been waited for. `write` gets the store of the running transaction and what was
    prepared for the events that were not taken in before, in their order; one of two that are the same. `afterwards`
    gets what `write` returned, after the commit.
    """

    prepared: Sequence[tuple[Event, Prepared]]
    write: Callable[[Any, list[Prepared]], Any]
    afterwards: Callable[[Any], None] = _nothing_more


def take_in(work: UnitOfWork[Any], effect: Effect[Any] | None, consumer: str | None, now: datetime) -> None:
    """Let an effect happen in one transaction, and each event of it once for `consumer`.

    Without a `consumer` nothing is noted of them: what is written refuses what is not newer by itself. Raises what
    its preparation, `write` or the database raises, and then none of it has happened.
    """
    due = {} if effect is None else {event.id: (event, prepared) for event, prepared in effect.prepared}
    if effect is None or not due:
        return
    with work() as store:
        if consumer is not None:
            fresh = store.first_times(consumer, [event for event, _ in due.values()], now)
            due = {id: each for id, each in due.items() if id in fresh}
        written = effect.write(store, [prepared for _, prepared in due.values()]) if due else None
    if due:
        effect.afterwards(written)

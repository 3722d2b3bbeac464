"""Publishes the outbox, signed: at once after a commit, and what a dead process left behind on a timer (DESIGN rule 2).

What a transaction tells is claimed in its row for the process that writes it, which hands it to its relay after the
commit: nothing is read again. Rows are marked after the broker's confirm, many at a time, so a crash in between repeats
events and never loses one. What nobody has claimed, or nobody claims any more, a sweep claims; other processes' relays
pass it over. No transaction is open, and no row locked, while the broker is waited for. There is no "newer than the
last one", which would miss a row whose transaction committed late.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import eventlet
import orjson
from eventlet.event import Event as Signal
from sqlalchemy import ColumnElement, Table, Update, bindparam, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.events.outbox import CLAIM
from shared.bus.events.readers import Readers
from shared.bus.events.signatures import SIGNATURE, Signatures
from shared.bus.events.topology import events_exchange
from shared.bus.wires.link import CONFIRM_SECONDS, BusLost, ConfirmedLink
from shared.bus.wires.message import HEADER_PREFIX, Outgoing
from shared.clock import Clock
from shared.contracts.envelope import Event
from shared.storage.database import Database

_log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
MARK_SECONDS = 0.5
"""After which it is noted at the latest that events were published."""
BATCH = 200
IN_HAND = 2000
"""Events that a relay keeps in hand; what is more it leaves to the sweep."""

KEPT = timedelta(days=14)
"""How long published and taken-in events stay: longer than any replay."""

_PURGE_SECONDS = 24 * 3600.0
_PURGE_BATCH = 1000


@dataclass(frozen=True)
class Ledgers:
    """A service's two tables: what it publishes and what it has taken in."""

    outbox: Table
    inbox: Table


@dataclass(frozen=True)
class Told:
    """An event as it lies in the outbox."""

    id: str
    type: str
    body: Mapping[str, Any]


def _nobody(_told: Sequence[Told]) -> None:
    """Tell nobody."""


class Relay:
    """Moves one service's outbox to its exchange."""

    def __init__(
        self,
        service: str,
        database: Database,
        ledgers: Ledgers,
        link: ConfirmedLink,
        clock: Clock,
        signatures: Signatures,
        readers: Readers,
        heard: Container[str] | None = None,
        told: Callable[[Sequence[Told]], None] = _nobody,
    ) -> None:
        """`heard`: the types that the installation's own services consume; others may go unheard without alarm.

        Who is `told` learns of each batch that the broker has, and raises nothing.
        """
        self._service = service
        self._signatures = signatures
        self._readers = readers
        self._exchange = events_exchange(service)
        self._database = database
        self._outbox = ledgers.outbox
        self._inbox = ledgers.inbox
        self._link = link
        self._clock = clock
        self._woken = Signal()
        self._stopping = False
        self._heard = heard
        self._told = told
        self._unheard: set[str] = set()
        self._in_hand: deque[tuple[Told, datetime]] = deque()
        self._published: list[str] = []
        self._mark_at = self._sweep_at = 0.0
        unhurried = () if database.is_sqlite else (func.set_config("synchronous_commit", "off", True) == "off",)
        """Part of a statement whose transaction PostgreSQL need not have on its disk: lost, it repeats some events."""
        self._claim = _claiming(ledgers.outbox, unhurried)
        these = update(ledgers.outbox).where(
            ledgers.outbox.c.event_id.in_(bindparam("these", expanding=True)), *unhurried
        )
        self._mark = these.values(published_at=bindparam("moment"), claimed_until=None)
        self._release = these.values(claimed_until=None)

    def take(self, events: Sequence[Event], claimed_until: datetime) -> None:
        """Publish what was just committed, claimed for this relay until a moment."""
        if len(self._in_hand) < IN_HAND:
            self._in_hand += ((Told(event.id, event.type, event.to_json()), claimed_until) for event in events)
        self._wake()

    def stop(self) -> None:
        """Let `run` end after what is in hand."""
        self._stopping = True
        self._wake()

    def run(self) -> None:
        """Publish until stopped; trouble with broker or database is logged once and tried again."""
        in_trouble, last = False, False
        while not last:
            last = self._stopping
            self._woken.wait(timeout=0.0 if last else self._pause())
            self._woken = Signal()
            try:
                self._go_on()
            except (BusLost, SQLAlchemyError) as trouble:
                if not in_trouble:
                    _log.warning("events wait in the outbox of %s: %s", self._exchange.name, type(trouble).__name__)
                in_trouble = True
            else:
                if in_trouble:
                    _log.warning("the outbox of %s is published again", self._exchange.name)
                in_trouble = False

    def _wake(self) -> None:
        if not self._woken.ready():
            self._woken.send()

    def _pause(self) -> float:
        """Return for how many seconds nothing is due by itself."""
        due = min(self._sweep_at, self._mark_at) if self._published else self._sweep_at
        return max(0.0, due - time.monotonic())

    def _go_on(self) -> None:
        """Publish what is in hand, and see to what is due."""
        self.publish_in_hand()
        now = time.monotonic()
        if self._published and (self._stopping or now >= self._mark_at):
            self.mark_published()
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_SECONDS
            self.publish_all()

    def run_purge(self) -> None:
        """Purge now and once a day."""
        while not self._stopping:
            try:
                self.purge()
            except SQLAlchemyError:
                _log.exception("old rows of %s were not purged; the next try is tomorrow", self._exchange.name)
            eventlet.sleep(_PURGE_SECONDS)

    def publish_in_hand(self) -> None:
        """Publish what was handed over. Raises BusLost, SQLAlchemyError, and then the sweep finds what was not."""
        while self._in_hand:
            soon = self._clock.now() + timedelta(seconds=CONFIRM_SECONDS)
            batch = [self._in_hand.popleft() for _ in range(min(BATCH, len(self._in_hand)))]
            ours = [told for told, claimed_until in batch if claimed_until > soon]  # others may have what is older
            try:
                self._deliver(ours)
            except BusLost:
                left = [told.id for told in [*ours, *(told for told, _ in self._in_hand)]]
                self._in_hand.clear()
                self._change(self._release, left)
                raise
            if not self._published:
                self._mark_at = time.monotonic() + MARK_SECONDS
            self._published += (told.id for told in ours)

    def mark_published(self) -> None:
        """Note what the broker has confirmed. Raises SQLAlchemyError, and it is to be noted still."""
        self._mark_at = time.monotonic() + MARK_SECONDS
        self._change(self._mark, self._published, moment=self._clock.now())
        self._published = []

    def publish_all(self) -> int:
        """Publish everything that waits, and is claimed by nobody; return how many. Raises BusLost, SQLAlchemyError."""
        published = count = self._sweep()
        while count == BATCH:
            eventlet.sleep(0)
            self.publish_in_hand()  # which, with its marks, is not to wait for all that has gathered in an outage
            if self._published and time.monotonic() >= self._mark_at:
                self.mark_published()
            count = self._sweep()
            published += count
        return published

    def purge(self) -> int:
        """Delete published and taken-in rows older than 14 days, in small transactions; return how many."""
        before = self._clock.now() - KEPT
        outbox, inbox = self._outbox, self._inbox
        old_out = select(outbox.c.position).where(outbox.c.published_at < before).limit(_PURGE_BATCH)
        taken_in = inbox.c.received_at < before
        old_in = select(inbox.c.event_id).where(taken_in).limit(_PURGE_BATCH)
        published = self._delete_in_batches(delete(outbox).where(outbox.c.position.in_(old_out)))
        return published + self._delete_in_batches(delete(inbox).where(taken_in, inbox.c.event_id.in_(old_in)))

    def _delete_in_batches(self, statement: Any) -> int:
        deleted = 0
        while True:
            with self._database.transaction() as connection:
                count = connection.execute(statement).rowcount
            if count == 0:
                return deleted
            deleted += count
            eventlet.sleep(0)

    def _sweep(self) -> int:
        found = self._claimed()
        ids = [told.id for told in found]
        try:
            self._deliver(found)
        except BusLost:
            self._change(self._release, ids)
            raise
        self._change(self._mark, ids, moment=self._clock.now())
        return len(found)

    def _claimed(self) -> list[Told]:
        """Return the next events to publish, in order; they are this relay's until they are marked, or for a while."""
        now = self._clock.now()
        with self._database.transaction() as connection:
            claimed = connection.execute(self._claim, {"moment": now, "until": now + CLAIM})
            return [Told(*row[1:]) for row in sorted(claimed)]

    def _change(self, statement: Update, ids: Sequence[str], **values: Any) -> None:
        if ids:
            with self._database.transaction() as connection:
                connection.execute(statement, {"these": list(ids), **values})

    def _deliver(self, told: Sequence[Told]) -> None:
        if told:
            self._note_unheard(told, self._link.deliver([self._outgoing(each) for each in told]))
            self._told(told)

    def _outgoing(self, told: Told) -> Outgoing:
        body = orjson.dumps(self._readers.completed(told.body))
        return Outgoing(
            body,
            self._exchange.name,
            told.type,
            headers={
                f"{HEADER_PREFIX}correlation_id": told.body["correlation_id"],
                SIGNATURE: self._signatures.of(self._service, told.type, body),
            },
            properties={"message_id": told.id, "type": told.type},
        )

    def _note_unheard(self, told: Sequence[Told], unroutable: Sequence[str]) -> None:
        returned = set(unroutable)
        for each in told:
            if each.id in returned and each.type not in self._unheard:
                self._unheard.add(each.type)
                expected = self._heard is not None and each.type not in self._heard
                level, word = (logging.INFO, "note") if expected else (logging.ERROR, "ALARM")
                _log.log(level, "%s: nobody has a queue for %s of %s", word, each.type, self._exchange.name)


def _claiming(outbox: Table, unhurried: Sequence[ColumnElement[bool]]) -> Any:
    """Return the statement that claims the next rows which nobody has."""
    free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < bindparam("moment"))
    waiting = (
        select(outbox.c.position)
        .where(outbox.c.published_at.is_(None), free, *unhurried)
        .order_by(outbox.c.position)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .cte("waiting")  # which PostgreSQL reads once: a plain subquery it may read, and lock, for every row
    )
    claim = update(outbox).where(outbox.c.position.in_(select(waiting.c.position)))
    return claim.values(claimed_until=bindparam("until")).returning(
        outbox.c.position, outbox.c.event_id, outbox.c.type, outbox.c.body
    )

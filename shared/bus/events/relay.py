"""Publishes the outbox, signed: at once after a commit, and what a dead process left behind on a timer (DESIGN rule 2).

Rows are marked after the broker's confirm, so a crash in between repeats an event and never loses one. A batch is
claimed for a while, and other processes' relays pass it over; no transaction is open, and no row locked, while the
broker is waited for. There is no "newer than the last one", which would miss a row whose transaction committed late.
"""

import logging
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import eventlet
import orjson
from eventlet.event import Event as Signal
from sqlalchemy import Table, bindparam, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.events.signatures import SIGNATURE, Signatures
from shared.bus.events.topology import events_exchange
from shared.bus.wires.link import BusLost, ConfirmedLink
from shared.bus.wires.message import HEADER_PREFIX, Outgoing
from shared.clock import Clock
from shared.storage.database import Database

_log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
BATCH = 200
CLAIM = timedelta(seconds=20)
"""How long a batch belongs to a relay: longer than the broker's confirms are waited for, clocks apart or not."""

KEPT = timedelta(days=14)
"""How long published and taken-in events stay: longer than any replay."""

_PURGE_SECONDS = 24 * 3600.0
_PURGE_BATCH = 1000


@dataclass(frozen=True)
class Ledgers:
    """A service's two tables: what it publishes and what it has taken in."""

    outbox: Table
    inbox: Table


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
        heard: Container[str] | None = None,
    ) -> None:
        """`heard`: the types that the installation's own services consume; others may go unheard without alarm."""
        self._service = service
        self._signatures = signatures
        self._exchange = events_exchange(service)
        self._database = database
        self._outbox = ledgers.outbox
        self._inbox = ledgers.inbox
        self._link = link
        self._clock = clock
        self._woken = Signal()
        self._stopping = False
        self._heard = heard
        self._unheard: set[str] = set()
        self._unhurried = () if database.is_sqlite else (func.set_config("synchronous_commit", "off", True) == "off",)
        """Part of a statement whose transaction PostgreSQL need not have on its disk: lost, it repeats some events."""

    def wake(self) -> None:
        """Tell the relay that something was committed."""
        if not self._woken.ready():
            self._woken.send()

    def stop(self) -> None:
        """Let `run` end after the batch in hand."""
        self._stopping = True
        self.wake()

    def run(self) -> None:
        """Publish until stopped; trouble with broker or database is logged once and tried again."""
        in_trouble = False
        while not self._stopping:
            self._woken.wait(timeout=SWEEP_SECONDS)
            self._woken = Signal()
            try:
                self.publish_all()
            except (BusLost, SQLAlchemyError) as trouble:
                if not in_trouble:
                    _log.warning("events wait in the outbox of %s: %s", self._exchange.name, type(trouble).__name__)
                in_trouble = True
            else:
                if in_trouble:
                    _log.warning("the outbox of %s is published again", self._exchange.name)
                in_trouble = False

    def run_purge(self) -> None:
        """Purge now and once a day."""
        while not self._stopping:
            try:
                self.purge()
            except SQLAlchemyError:
                _log.exception("old rows of %s were not purged; the next try is tomorrow", self._exchange.name)
            eventlet.sleep(_PURGE_SECONDS)

    def publish_all(self) -> int:
        """Publish everything that waits; return how many events. Raises BusLost, SQLAlchemyError."""
        published = count = self._publish_batch()
        while count == BATCH:
            eventlet.sleep(0)
            count = self._publish_batch()
            published += count
        return published

    def purge(self) -> int:
        """Delete published and taken-in rows older than 14 days, in small transactions; return how many."""
        before = self._clock.now() - KEPT
        outbox, inbox = self._outbox, self._inbox
        old_out = select(outbox.c.position).where(outbox.c.published_at < before).limit(_PURGE_BATCH)
        old_in = select(inbox.c.consumer, inbox.c.event_id).where(inbox.c.received_at < before).limit(_PURGE_BATCH)
        deleted = 0
        deleted += self._delete_in_batches(delete(outbox).where(outbox.c.position.in_(old_out)))
        taken_in = inbox.c.received_at < before
        deleted += self._delete_in_batches(
            delete(inbox).where(taken_in, inbox.c.event_id.in_(old_in.with_only_columns(inbox.c.event_id)))
        )
        return deleted

    def _delete_in_batches(self, statement: Any) -> int:
        deleted = 0
        while True:
            with self._database.transaction() as connection:
                count = connection.execute(statement).rowcount
            if count == 0:
                return deleted
            deleted += count
            eventlet.sleep(0)

    def _publish_batch(self) -> int:
        rows = self._claimed()
        if rows:
            positions = [row.position for row in rows]
            try:
                unheard = self._link.deliver([self._outgoing(row) for row in rows])
            except BusLost:
                self._change(positions, claimed_until=None)
                raise
            self._change(positions, published_at=self._clock.now(), claimed_until=None)
            self._note_unheard(rows, unheard)
        return len(rows)

    def _claimed(self) -> Sequence[Any]:
        """Return the next rows to publish, in order; they are this relay's until they are marked, or for a while."""
        outbox, now = self._outbox, self._clock.now()
        free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < now)
        waiting = (
            select(outbox.c.position)
            .where(outbox.c.published_at.is_(None), free, *self._unhurried)
            .order_by(outbox.c.position)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
            .cte("waiting")  # which PostgreSQL reads once: a plain subquery it may read, and lock, for every row
        )
        claim = update(outbox).where(outbox.c.position.in_(select(waiting.c.position)))
        claimed = claim.values(claimed_until=now + CLAIM).returning(
            outbox.c.position, outbox.c.event_id, outbox.c.type, outbox.c.body
        )
        with self._database.transaction() as connection:
            return sorted(connection.execute(claimed), key=lambda row: row.position)

    def _change(self, positions: Sequence[int], **values: Any) -> None:
        outbox = self._outbox
        these = outbox.c.position.in_(bindparam("positions", expanding=True))
        changed = update(outbox).where(these, *self._unhurried)
        with self._database.transaction() as connection:
            connection.execute(changed.values(values), {"positions": list(positions)})

    def _outgoing(self, row: Any) -> Outgoing:
        body = orjson.dumps(row.body)
        return Outgoing(
            body,
            self._exchange.name,
            row.type,
            headers={
                f"{HEADER_PREFIX}correlation_id": row.body["correlation_id"],
                SIGNATURE: self._signatures.of(self._service, row.type, body),
            },
            properties={"message_id": row.event_id, "type": row.type},
        )

    def _note_unheard(self, rows: Sequence[Any], unroutable: Sequence[str]) -> None:
        returned = set(unroutable)
        for row in rows:
            if row.event_id in returned and row.type not in self._unheard:
                self._unheard.add(row.type)
                expected = self._heard is not None and row.type not in self._heard
                level, word = (logging.INFO, "note") if expected else (logging.ERROR, "ALARM")
                _log.log(level, "%s: nobody has a queue for %s of %s", word, row.type, self._exchange.name)

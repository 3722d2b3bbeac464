"""Sends what is due: claimed in one transaction, handed to its channel in none, settled in another (DESIGN rule 6).

A claim has a lease: when a process dies with a message in hand, another takes it up after the lease. A channel gets
the message's id with each attempt, so that a provider can tell a repetition.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from services.notification.channels import NotSent, Outgoing
from services.notification.handlers.due_reminders import NotNow
from services.notification.model import FAILED, REMINDER, SENT, Content, Message
from shared.contracts.envelope import Event, new_event
from shared.contracts.notification import MESSAGE_FAILED, MESSAGE_SENT, SERVICE
from shared.sealed import Unsealable

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.notification.channels import Channels
    from services.notification.store import NotificationStore
    from shared.bus.unit_of_work import UnitOfWork
    from shared.clock import Clock
    from shared.sealed import Sealer

    Work = UnitOfWork[NotificationStore]

_log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=5)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long to wait after each failed attempt; after the one that follows the last wait a message has failed."""

_ACTOR: dict[str, str | None] = {"kind": "service", "id": SERVICE}


@dataclass(frozen=True)
class Sender:
    """Sends messages by `channels`; `people` opens them.

    `reminded` brings a claimed reminder up to date (`DueReminders.ready`); without it they go out as they were planned.
    """

    work: Work
    channels: Channels
    people: Sealer
    clock: Clock
    reminded: Callable[[Message], Content] | None = None

    def send_due(self) -> int:
        """Send everything that is due; return how many attempts were made."""
        attempts = 0
        while claimed := self._claim():
            for message in claimed:
                self._send(message)
            attempts += len(claimed)
        return attempts

    def _claim(self) -> list[Message]:
        now = self.clock.now()
        with self.work.reading() as store:
            if not store.anything_due(now):
                return []
        with self.work() as store:
            return store.claim_due(now, now + LEASE, BATCH)

    def _send(self, message: Message) -> None:
        try:
            content = self._content(message)
        except NotNow as not_now:
            self._put_off(message, not_now)
            return
        except Unsealable as locked:  # the key may come back, and the other messages must not wait for it
            _log.error("message %s cannot be opened: %s", message.id, locked)
            return
        try:
            self.channels[message.channel].send(Outgoing(message.id, message.clinic, message.channel, content))
        except NotSent as refused:
            self._settle_refused(message, content, refused)
        except Exception as broken:  # noqa: BLE001 - whatever a provider's library raises, the message stays planned
            _log.error(
                "message %s could not be sent: %s", message.id, type(broken).__name__
            )  # its text may name people
            self._settle_refused(message, content, NotSent(type(broken).__name__))
        else:
            self._settle(message, content, SENT, None)

    def _content(self, message: Message) -> Content:
        if message.event == REMINDER and self.reminded is not None:
            return self.reminded(message)
        return Content.from_json(self.people.open(message.content))

    def _put_off(self, message: Message, not_now: NotNow) -> None:
        """Let a reminder wait, which is no failed attempt, or end it."""
        if not_now.until is not None:
            with self.work() as store:
                store.settle(message, due_at=not_now.until, attempts=message.attempts - 1)
        elif not_now.state == FAILED:
            self._settle(message, Content.from_json(self.people.open(message.content)), FAILED, not_now.reason)
        else:
            with self.work() as store:
                store.settle(message, state=not_now.state, failure=not_now.reason)

    def _settle_refused(self, message: Message, content: Content, refused: NotSent) -> None:
        if refused.final or message.attempts > len(RETRY_AFTER):
            self._settle(message, content, FAILED, refused.reason)
            return
        again_at = self.clock.now() + RETRY_AFTER[message.attempts - 1]
        with self.work() as store:
            store.settle(message, due_at=again_at, failure=refused.reason)

    def _settle(self, message: Message, content: Content, state: str, failure: str | None) -> None:
        now = self.clock.now()
        sent_at = now if state == SENT else None
        with self.work() as store:
            if store.settle(message, state=state, sent_at=sent_at, failure=failure):
                store.publish(self._event(message, content, state))

    def _event(self, message: Message, content: Content, state: str) -> Event:
        return new_event(
            SERVICE,
            MESSAGE_SENT if state == SENT else MESSAGE_FAILED,
            clinic=message.clinic,
            subject=message.id,
            version=message.attempts,
            data={
                "message": message.id,
                "event": message.event,
                "channel": message.channel,
                "booking": message.booking,
                "state": state,
                "person": self.people.seal({"to": content.to}),
            },
            now=self.clock.now(),
            actor=_ACTOR,
            correlation_id=message.correlation_id,
        )

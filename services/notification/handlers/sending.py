"""Sends what is due: claimed in one transaction, handed to its channel in none, settled in another (DESIGN rule 6).

A claim has a lease: when a process dies with a message in hand, another takes it up after the lease. One that was
handed over may be with the provider then, and is not sent again blindly: its lease is longer, and the provider is
asked, or waited for, first (PRODUCT N6). A process that lives leaves none to its lease: where the database is away, it
puts back what the provider has not been asked for, and notes what became of the others as soon as it can.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from services.notification.channels import CannotTell, NotSent, Outgoing, Unclear
from services.notification.handlers.due_reminders import NotNow
from services.notification.handlers.telling import delivery_event
from services.notification.model.delivery import (
    BROKEN,
    DOUBT,
    LEASE,
    STOPPED,
    STUMBLED,
    TOO_LATE,
    TOO_MANY,
    UNKNOWN,
    next_attempt,
)
from services.notification.model.messages import FAILED, SENT, WITHDRAWN, Content, Message
from shared.clinic.message_keys import REMINDER
from shared.contracts.errors import Unavailable
from shared.contracts.notification import MessageStatus
from shared.sealed import Unsealable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from services.notification.channels import Channels
    from services.notification.store import Claim, NotificationStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clock import Clock
    from shared.sealed import Sealer

    Work = UnitOfWork[NotificationStore]

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class _NotNoted(Exception):
    """The process ends while its database is away."""


@dataclass(frozen=True)
class Sender:
    """Sends messages by `channels`; `people` opens them.

    `reminded` brings a claimed reminder up to date (`DueReminders.ready`); without it they go out as they were planned.
    So many of a clinic go to one address within a day as `reminders_a_day` says; None: without limit.
    `more_hands(channel)` is called with each message taken, so that others help; it says whether to go on.
    `pause()` is called where the database is away; it says whether to try again.
    """

    work: Work
    channels: Channels
    people: Sealer
    clock: Clock
    reminded: Callable[[Message], Content] | None = None
    more_hands: Callable[[str], bool] = lambda _: True
    reminders_a_day: int | None = None
    pause: Callable[[], bool] = lambda: False

    def send_due(self, *channels: str) -> int:
        """Send one after the other what is due on these channels, or on all; return how many were taken in hand."""
        return sum(self._send_due(channel) for channel in channels or self.channels)

    def _send_due(self, channel: str) -> int:
        taken, going_on = 0, True
        while going_on and (claim := self._claim(channel)):
            going_on = self.more_hands(channel)
            self._deliver(claim)
            taken += 1
        return taken

    def _claim(self, channel: str) -> Claim | None:
        now = self.clock.now()
        with self.work.reading() as store:
            if not store.anything_due(channel, now):
                return None
        lease_until = now + LEASE
        try:
            with self.work() as store:
                return store.claim_next(channel, now, lease_until)
        except Unavailable:  # which tells nothing of whether it was committed
            self._note(lambda store: store.give_back(channel, now, lease_until))
            return None

    def _deliver(self, claim: Claim) -> None:
        """Send a message that is in hand; one that stumbles at something of ours waits and holds up no other."""
        message = claim.message
        try:
            self._attempt(claim, Content.from_json(self.people.open(message.content)))
        except _NotNoted:
            _log.error("message %s: what became of it is not noted; the process ends", message.id)
        except Unavailable as away:
            _log.warning("message %s goes back, and was not sent: %s", message.id, away.detail)
            self._put_off(message, self.clock.now(), handed_over_at=message.handed_over_at)
        except Unsealable as locked:  # the key may come back
            _log.error("message %s cannot be opened: %s", message.id, locked)
            self._put_off(message, self.clock.now() + STUMBLED)
        except Exception as broken:  # noqa: BLE001 - whatever it is, it is none of the next message's
            _log.error("message %s: %s", message.id, type(broken).__name__)  # its text may name people
            self._put_off(message, self.clock.now() + STUMBLED)

    def _attempt(self, claim: Claim, content: Content) -> None:
        """Send the message unless its provider has it, and note what came of it."""
        message = claim.message
        try:
            provider_id = self._found(message, content) or self._sent(claim, content)
        except NotNow as not_now:
            self._not_now(message, content, not_now)
        except NotSent as refused:
            self._not_sent(message, content, refused)
        except Unclear as unclear:
            self._unclear(message, content, unclear.reason)
        except CannotTell:
            self._cannot_tell(message, content)
        else:
            self._end(message, content, SENT, provider_id=provider_id or None, sent_at=self.clock.now(), failure=None)

    def _found(self, message: Message, content: Content) -> str | None:
        """Return the provider's id where it has the message already; None where it surely has not."""
        since = message.handed_over_at
        if since is None:
            return None
        way = self.channels[message.channel]
        try:
            alike = _asked(message, lambda: list(way.taken(_outgoing(message, content), since)))
        except NotSent as silent:  # it was not asked successfully, which tells nothing of the message
            raise Unclear(silent.reason) from None
        with self.work.reading() as store:
            others = store.is_known(alike)
        return next((id for id in alike if id not in others), None)

    def _sent(self, claim: Claim, content: Content) -> str | None:
        """Hand the message over and return the provider's id of it; raise what stands against it."""
        message = claim.message
        if claim.untrue:
            raise NotNow("it is no longer true", state=WITHDRAWN)
        if claim.stopped:
            raise NotSent(STOPPED, final=True)
        if message.event == REMINDER and message.resend_of is None and self.reminded is not None:
            content = self.reminded(message)
            self._refuse_too_many(claim)
        if message.expires_at is not None and message.expires_at <= self.clock.now():
            raise NotSent(TOO_LATE, final=True)
        return self._handed_over(message, content)

    def _refuse_too_many(self, claim: Claim) -> None:
        """Let a reminder fail where its receiver got too many lately: staff see it, and may send it again."""
        if self.reminders_a_day is not None and claim.reminded >= self.reminders_a_day:
            _log.warning(
                "message limit: %s reminders to one recipient of %s within a day, of booking %s now",
                self.reminders_a_day, claim.message.clinic, claim.message.booking,
            )  # fmt: skip
            raise NotSent(TOO_MANY, final=True)

    def _handed_over(self, message: Message, content: Content) -> str | None:
        """Note that the message leaves the house, and hand it over; return the provider's id of it."""
        way, now = self.channels[message.channel], self.clock.now()
        if way.leaves_house:
            if message.lease_until is not None and message.lease_until <= now:
                raise NotNow("it took too long to get ready", until=now)
            with self.work() as store:
                if not store.hand_over(message, now):
                    raise NotNow("another process has it in hand, or it is no longer true")
        return _asked(message, lambda: way.send(_outgoing(message, content)))

    def _not_now(self, message: Message, content: Content, not_now: NotNow) -> None:
        """Let a reminder wait, which is no failed attempt, or end the message."""
        if not_now.until is not None:
            self._put_off(message, not_now.until, handed_over_at=None)
        elif not_now.state == FAILED:
            self._end(message, content, FAILED, failure=not_now.reason)
        else:
            self._settle(message, state=not_now.state, failure=not_now.reason)

    def _not_sent(self, message: Message, content: Content, refused: NotSent) -> None:
        again_at = next_attempt(message.attempts, self.clock.now(), refused.wait)
        if refused.final or again_at is None:
            self._end(message, content, FAILED, failure=refused.reason)
        else:
            self._settle(message, due_at=again_at, failure=refused.reason)

    def _unclear(self, message: Message, content: Content, reason: str) -> None:
        """Ask the provider a little later, and give up when it has not said anything for more than a day."""
        now = self.clock.now()
        again_at = next_attempt(message.attempts, now)
        if again_at is None:
            self._end(message, content, FAILED, failure=UNKNOWN)
        else:
            self._settle(message, due_at=again_at, failure=reason, handed_over_at=message.handed_over_at or now)

    def _cannot_tell(self, message: Message, content: Content) -> None:
        """Wait for the provider's events, and leave it to people when none came (PRODUCT N6)."""
        known_by = (message.handed_over_at or self.clock.now()) + DOUBT
        if self.clock.now() >= known_by:
            self._end(message, content, FAILED, failure=UNKNOWN)
        else:
            self._put_off(message, known_by)

    def _put_off(self, message: Message, until: datetime, **known: Any) -> None:
        """Look at a message again at `until`, without counting an attempt; what may be with a provider still may."""
        self._note(lambda store: store.put_off(message, until, **known))

    def _settle(self, message: Message, **outcome: Any) -> None:
        self._note(lambda store: store.settle(message, **outcome))

    def _end(self, message: Message, content: Content, state: MessageStatus, **outcome: Any) -> None:
        """Note that a message is sent or has failed, and tell the house."""
        noted = {"state": state, "version": message.version + 1, **outcome}
        event = delivery_event(message, content, state, self.clock.now(), self.people)

        def note(store: NotificationStore) -> None:
            if store.settle(message, **noted) or (state == SENT and store.settle_late(message, **noted)):
                store.publish(event)

        self._note(note)

    def _note(self, write: Callable[[NotificationStore], object]) -> None:
        """Write what only this process knows, as often as it takes: a note that was made already changes nothing.

        Raises _NotNoted where the process ends first.
        """
        while True:
            try:
                with self.work() as store:
                    write(store)
            except Unavailable as away:
                if not self.pause():
                    raise _NotNoted from away
            else:
                return


def _outgoing(message: Message, content: Content) -> Outgoing:
    return Outgoing(message.id, message.clinic, message.channel, content)


def _asked(message: Message, ask: Callable[[], Answer]) -> Answer:
    """Return what a way out answers; whatever its library raises besides what it should, the message may be there."""
    try:
        return ask()
    except (NotSent, Unclear, CannotTell):
        raise
    except Exception as broken:  # noqa: BLE001 - libraries raise what they like
        _log.error("message %s: %s", message.id, type(broken).__name__)  # its text may name people
        raise Unclear(BROKEN) from None

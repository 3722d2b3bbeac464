"""Sends what is due: claimed in one transaction, handed to its channel in none, settled in another (DESIGN rule 6).

What was just written is claimed as it is written (`handlers.writing`). A claim has a lease: when a process dies with a
message in hand, another takes it up after the lease. One that was handed over may be with the provider then, and is
not sent again blindly: its lease is longer, and the provider is asked, or waited for, first (PRODUCT N6). A process
that lives leaves none to its lease: where the database is away, it puts back what the provider has not been asked for,
and notes what became of the others as soon as it can.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
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
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from services.notification.channels import Channel, Channels
    from services.notification.store import Claim, NotificationStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clock import Clock
    from shared.contracts.envelope import Event
    from shared.sealed import Sealer

    Work = UnitOfWork[NotificationStore]

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

TOGETHER = 50
"""Messages that are noted in one transaction at most."""

AHEAD = 16
"""How often as many a process takes in hand before hands are free for them: not more than are sent within a lease."""

Whom = tuple[str, str]
"""A clinic, and whom it writes to."""


class _NotNoted(Exception):
    """The process ends while its database is away."""


@dataclass(frozen=True)
class Note:
    """What came of a message in hand: the columns to write, and the event that tells the house where it has ended."""

    message: Message
    outcome: Mapping[str, Any]
    event: Event | None = None


def together(way: Channel) -> int:
    """Return how many messages are sent as one: what leaves the house must be in doubt for one at a time only."""
    return 1 if way.leaves_house else TOGETHER


def _at_once(_channel: str, task: Callable[[], object]) -> bool:
    task()
    return True


def _by_themselves(notes: list[Note], write: Callable[[list[Note]], object]) -> None:
    write(notes)


@dataclass(frozen=True)
class Sender:
    """Sends messages by `channels`; `people` opens them.

    `wants_none(channel, address)` says whether an address wants none that was noted by another key than the message is
    (ADR 59).
    `reminded` brings a claimed reminder up to date (`DueReminders.ready`); without it they go out as they were planned.
    So many of a clinic go to one address within a day as `reminders_a_day` says; None: without limit.
    `ask(channel, task)` has the task done by a hand of that channel, and says whether one will.
    `note(notes, write)` has `write` called with notes, and with such as others have by then.
    `again(channel)` is called where more may be due; it says whether to go on at once.
    `goes_on()` says whether the process does; what is not begun is put back where it does not.
    `pause()` is called where the database is away; it says whether to try again.
    """

    work: Work
    channels: Channels
    people: Sealer
    clock: Clock
    wants_none: Callable[[str, str], bool] = lambda _channel, _address: False
    reminded: Callable[[Message], Content] | None = None
    reminders_a_day: int | None = None
    ask: Callable[[str, Callable[[], object]], bool] = _at_once
    note: Callable[[list[Note], Callable[[list[Note]], object]], object] = _by_themselves
    again: Callable[[str], bool] = lambda _: True
    goes_on: Callable[[], bool] = lambda: True
    pause: Callable[[], bool] = lambda: False

    def send_due(self, *channels: str) -> int:
        """Send what is due on these channels, or on all; return how many messages were taken in hand."""
        return sum(self._send_due(channel) for channel in channels or self.channels)

    def send(self, claims: Iterable[Claim]) -> None:
        """Send what was claimed, each channel's messages in their order."""
        by_channel: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_channel[claim.message.channel].append(claim)
        for channel, theirs in by_channel.items():
            most, reminded = together(self.channels[channel]), Counter[Whom]()
            for first in range(0, len(theirs), most):
                task = partial(self._deliver, theirs[first : first + most], reminded)
                if not self.ask(channel, task):
                    task()

    def _send_due(self, channel: str) -> int:
        taken, more = 0, True
        while more and self.goes_on():
            claims, more = self._claim(channel)
            self.send(claims)
            taken += len(claims)
            more = more and self.again(channel)
        return taken

    def _claim(self, channel: str) -> tuple[list[Claim], bool]:
        now = self.clock.now()
        lease_until = now + LEASE
        most = AHEAD * together(self.channels[channel])
        try:
            with self.work() as store:
                return store.claim_due(channel, now, lease_until, most)
        except Unavailable:  # which tells nothing of whether it was committed
            self._noted(lambda store: store.give_back(channel, now, lease_until))
            return [], False

    def _deliver(self, claims: Sequence[Claim], reminded: Counter[Whom]) -> None:
        """Send messages that are in hand, and have noted what came of them; put them back where the process ends."""
        if self.goes_on():
            notes = [self._tried(claim, reminded) for claim in claims]
        else:
            notes = [_put_off(claim.message, self.clock.now()) for claim in claims]
        self.note(notes, self.settle)

    def _tried(self, claim: Claim, reminded: Counter[Whom]) -> Note:
        """Return what came of a message; one that stumbles at something of ours waits and holds up no other."""
        message = claim.message
        try:
            content = claim.content or Content.from_json(self.people.open(message.content))
            return self._attempt(claim, content, reminded)
        except Unavailable as away:
            _log.warning("message %s goes back, and was not sent: %s", message.id, away.detail)
            return _put_off(message, self.clock.now(), handed_over_at=message.handed_over_at)
        except Unsealable as locked:  # the key may come back
            _log.error("message %s cannot be opened: %s", message.id, locked)
        except Exception as broken:  # noqa: BLE001 - whatever it is, it is none of the next message's
            _log.error("message %s: %s", message.id, type(broken).__name__)  # its text may name people
        return _put_off(message, self.clock.now() + STUMBLED)

    def _attempt(self, claim: Claim, content: Content, reminded: Counter[Whom]) -> Note:
        """Send the message unless its provider has it, and return what came of it."""
        message = claim.message
        try:
            provider_id = self._found(message, content) or self._sent(claim, content, reminded)
        except NotNow as not_now:
            return self._not_now(message, content, not_now)
        except NotSent as refused:
            return self._not_sent(message, content, refused)
        except Unclear as unclear:
            return self._unclear(message, content, unclear.reason)
        except CannotTell:
            return self._cannot_tell(message, content)
        return self._end(message, content, SENT, provider_id=provider_id or None, failure=None)

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

    def _sent(self, claim: Claim, content: Content, reminded: Counter[Whom]) -> str | None:
        """Hand the message over and return the provider's id of it; raise what stands against it."""
        message = claim.message
        if claim.untrue:
            raise NotNow("it is no longer true", state=WITHDRAWN)
        if claim.stopped or self.wants_none(message.channel, content.to):
            raise NotSent(STOPPED, final=True)
        if message.event == REMINDER and message.resend_of is None and self.reminded is not None:
            content = self.reminded(message)
            self._refuse_too_many(claim, reminded)
        if message.expires_at is not None and message.expires_at <= self.clock.now():
            raise NotSent(TOO_LATE, final=True)
        return self._handed_over(message, content)

    def _refuse_too_many(self, claim: Claim, reminded: Counter[Whom]) -> None:
        """Let a reminder fail where its receiver got too many lately: staff see it, and may send it again.

        `reminded` counts those that were claimed with it and go out.
        """
        whom = claim.message.clinic, claim.message.recipient
        others, reminded[whom] = claim.reminded + reminded[whom], reminded[whom] + 1
        if self.reminders_a_day is not None and others >= self.reminders_a_day:
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

    def _not_now(self, message: Message, content: Content, not_now: NotNow) -> Note:
        """Let a reminder wait, which is no failed attempt, or end the message."""
        if not_now.until is not None:
            return _put_off(message, not_now.until, handed_over_at=None)
        if not_now.state == FAILED:
            return self._end(message, content, FAILED, failure=not_now.reason)
        return _settled(message, state=not_now.state, failure=not_now.reason)

    def _not_sent(self, message: Message, content: Content, refused: NotSent) -> Note:
        again_at = next_attempt(message.attempts, self.clock.now(), refused.wait)
        if refused.final or again_at is None:
            return self._end(message, content, FAILED, failure=refused.reason)
        return _settled(message, due_at=again_at, failure=refused.reason)

    def _unclear(self, message: Message, content: Content, reason: str) -> Note:
        """Ask the provider a little later, and give up when it has not said anything for more than a day."""
        now = self.clock.now()
        again_at = next_attempt(message.attempts, now)
        if again_at is None:
            return self._end(message, content, FAILED, failure=UNKNOWN)
        since = message.handed_over_at or now
        return _settled(message, due_at=again_at, failure=reason, handed_over_at=since)

    def _cannot_tell(self, message: Message, content: Content) -> Note:
        """Wait for the provider's events, and leave it to people when none came (PRODUCT N6)."""
        known_by = (message.handed_over_at or self.clock.now()) + DOUBT
        if self.clock.now() >= known_by:
            return self._end(message, content, FAILED, failure=UNKNOWN)
        return _put_off(message, known_by)

    def _end(self, message: Message, content: Content, state: MessageStatus, **outcome: Any) -> Note:
        """Return that a message is sent or has failed, of which the house is told."""
        event = delivery_event(message, content, state, self.clock.now(), self.people)
        return _settled(message, event, state=state, version=message.version + 1, **outcome)

    def settle(self, notes: Sequence[Note]) -> None:
        """Write what came of messages, many at a time."""
        for first in range(0, len(notes), TOGETHER):
            self._settle_together(notes[first : first + TOGETHER])

    def _settle_together(self, notes: Sequence[Note]) -> None:
        """Write what came of messages; where that stumbles at something of ours, each by itself."""
        try:
            self._noted(partial(_write, notes, self.clock.now()))
        except _NotNoted:
            for note in notes:
                _log.error("message %s: what became of it is not noted; the process ends", note.message.id)
        except Exception as broken:
            if len(notes) == 1:
                raise
            _log.error("%d messages are noted one by one: %s", len(notes), type(broken).__name__)
            for note in notes:
                self._settle_together([note])

    def _noted(self, write: Callable[[NotificationStore], object]) -> None:
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


def _put_off(message: Message, until: datetime, **known: Any) -> Note:
    """Return that a message is looked at again at `until`, without counting an attempt.

    What may be with a provider still may, unless that is `known`.
    """
    return Note(message, {"attempts": message.attempts - 1, "due_at": until, **known})


def _settled(message: Message, event: Event | None = None, **outcome: Any) -> Note:
    """Return what came of an attempt: nobody has the message then, unless the outcome says that it is not known."""
    return Note(message, {"handed_over_at": None, **outcome}, event)


def _write(notes: Sequence[Note], now: datetime, store: NotificationStore) -> None:
    """Write what came of messages, and tell the house of those that have ended; what was sent was so by `now`."""
    settled = store.settle((note.message, _outcome(note, now)) for note in notes)
    for note in notes:
        is_sent = note.outcome.get("state") == SENT
        late = is_sent and note.message.id not in settled and store.settle_late(note.message, **_outcome(note, now))
        if note.event is not None and (late or note.message.id in settled):
            store.publish(note.event)


def _outcome(note: Note, now: datetime) -> Mapping[str, Any]:
    return {**note.outcome, "sent_at": now} if note.outcome.get("state") == SENT else note.outcome


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

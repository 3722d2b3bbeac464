"""Sending: each message claimed by one sender at a time, and what became of it, from us and from providers (N5, N6)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, case, exists, func, or_, select, update

from services.notification.model.delivery import A_DAY, WITH_PROVIDER
from services.notification.model.messages import PLANNED, WITHDRAWN, Message
from services.notification.store.message_rows import MessageRows, is_free, is_untrue, message_of
from services.notification.store.tables import messages, stopped_numbers
from shared.bus.events.inbox import first_times
from shared.clinic.message_keys import REMINDER


@dataclass(frozen=True)
class Claim:
    """A message in its sender's hands.

    Where `message.handed_over_at` is set, a provider may have it already. `stopped`: its receiver wants no SMS.
    `untrue`: what it says is true no longer. `reminded`: of a reminder, how many others of its clinic went to its
    receiver within a day, or are about to.
    """

    message: Message
    stopped: bool
    untrue: bool
    reminded: int


class SendingRows(MessageRows):
    """Claims, their outcomes, and numbers that want no SMS."""

    def anything_due(self, channel: str, now: datetime) -> bool:
        """Tell whether there is a message to send now.

        In order of the index over what is planned, or PostgreSQL would look for one among all that was ever sent.
        """
        first = select(messages.c.id).where(_is_due(channel, now)).order_by(messages.c.due_at, messages.c.id).limit(1)
        return self.connection.execute(first).first() is not None

    def claim_next(self, channel: str, now: datetime, lease_until: datetime) -> Claim | None:
        """Take the channel's longest due message for oneself until `lease_until`; None where there is none.

        What has become untrue meanwhile is withdrawn instead; what others have in hand is passed over.
        """
        stopped = exists().where(stopped_numbers.c.recipient == messages.c.recipient)
        due = select(messages, stopped.label("stopped"), is_untrue().label("untrue"), _reminded(now).label("reminded"))
        first = due.where(_is_due(channel, now)).order_by(messages.c.due_at, messages.c.id).limit(1)
        while row := self.connection.execute(first.with_for_update(skip_locked=True, of=messages)).first():
            found = message_of(row)
            if row.untrue and found.handed_over_at is None:
                self._change(found, state=WITHDRAWN, lease_until=None)
                continue
            taken = replace(found, attempts=found.attempts + 1, lease_until=lease_until)
            self._change(found, attempts=taken.attempts, lease_until=lease_until)
            return Claim(taken, row.stopped, row.untrue, row.reminded)
        return None

    def hand_over(self, claimed: Message, now: datetime) -> bool:
        """Note that a provider may have the message from now on, and prolong the claim by as long as that may take.

        False where the claim had passed to somebody else, or what it says has become untrue since.
        """
        still_true = _still(claimed).where(~is_untrue())
        prolonged = still_true.values(handed_over_at=now, lease_until=max(_ends(claimed)))
        return self.connection.execute(prolonged).rowcount == 1

    def settle(self, claimed: Message, **outcome: Any) -> bool:
        """Write the outcome of an attempt and end the claim; False where the claim had passed to somebody else.

        Nobody has the message then, unless `handed_over_at` says that it is not known.
        """
        settled = {"lease_until": None, "handed_over_at": None, **outcome}
        return self.connection.execute(_still(claimed).values(settled)).rowcount == 1

    def settle_late(self, sent: Message, **outcome: Any) -> bool:
        """Write that a provider has taken a message whose claim had passed on; False where its state is known."""
        this = and_(messages.c.id == sent.id, messages.c.state == PLANNED, messages.c.handed_over_at.is_not(None))
        settled = update(messages).where(this).values(lease_until=None, handed_over_at=None, **outcome)
        return self.connection.execute(settled).rowcount == 1

    def give_back(self, channel: str, now: datetime, lease_until: datetime) -> None:
        """End the claim of that moment where there is one, of which its claimer knows nothing more."""
        mine = and_(messages.c.lease_until == lease_until, messages.c.state == PLANNED, messages.c.channel == channel)
        uncounted = {"attempts": messages.c.attempts - 1, "lease_until": None}
        self.connection.execute(update(messages).where(mine, messages.c.due_at <= now).values(uncounted))

    def put_off(self, claimed: Message, until: datetime, **known: Any) -> None:
        """End a claim that came to nothing, which counts as none; whether a provider has the message stays as it is."""
        uncounted = {"attempts": claimed.attempts - 1, "lease_until": None, "due_at": until, **known}
        self.connection.execute(_still(claimed).values(uncounted))

    def is_known(self, provider_ids: Collection[str]) -> set[str]:
        """Return those of a provider's ids that stand with a message already."""
        known = select(messages.c.provider_id).where(messages.c.provider_id.in_(provider_ids))
        return set(self.connection.scalars(known).all())

    def reported(self, ids: Collection[str]) -> list[Message]:
        """Return messages that a provider tells of, alone with them until the commit."""
        wanted = select(messages).where(messages.c.id.in_(ids)).order_by(messages.c.id)
        return self._all(wanted.with_for_update())

    def note_report(self, message: Message, **news: Any) -> None:
        """Write what a provider told of a message from `reported`; whoever has it in hand loses it."""
        self._change(message, lease_until=None, handed_over_at=None, **news)

    def heard_first(self, answer: str, now: datetime) -> bool:
        """Note that an answer to an SMS came in, by an id of 32 characters; False where it already had."""
        return bool(first_times(self.connection, self.inbox, "provider_inbound", [answer], now))

    def stop_sms(self, recipient: str, now: datetime) -> None:
        """Send no SMS to a number from now on."""
        row = self.insert_into(stopped_numbers).values(recipient=recipient, stopped_at=now)
        self.connection.execute(row.on_conflict_do_nothing())

    def allow_sms(self, recipient: str) -> None:
        """Send SMS to a number again."""
        self.connection.execute(stopped_numbers.delete().where(stopped_numbers.c.recipient == recipient))

    def _change(self, message: Message, **values: Any) -> None:
        self.connection.execute(update(messages).where(messages.c.id == message.id).values(values))


def _still(claimed: Message) -> Update:
    """Return the change of a claimed message that is its claimer's still: each claim has an end of its own."""
    this = and_(messages.c.id == claimed.id, messages.c.attempts == claimed.attempts)
    still = and_(messages.c.lease_until.in_(_ends(claimed)), messages.c.state == PLANNED)
    return update(messages).where(this, still)


def _ends(claimed: Message) -> tuple[datetime, datetime]:
    """Return when a claim ends: before the message is handed over, and after."""
    if claimed.lease_until is None:
        raise ValueError("a message that nobody has claimed")
    return claimed.lease_until, claimed.lease_until + WITH_PROVIDER


def _reminded(now: datetime) -> ColumnElement[int]:
    """Return what `Claim.reminded` says, in the statement that claims; two claimed at once do not see each other."""
    other = messages.alias("other")
    same = and_(other.c.recipient == messages.c.recipient, other.c.clinic == messages.c.clinic)
    reminder = and_(other.c.event == REMINDER, other.c.resend_of.is_(None), other.c.id != messages.c.id)
    lately = or_(other.c.sent_at > now - A_DAY, other.c.lease_until > now)
    others = select(func.count()).select_from(other).where(same, reminder, lately).scalar_subquery()
    return case((messages.c.event == REMINDER, others), else_=0)


def _is_due(channel: str, now: datetime) -> ColumnElement[bool]:
    return and_(is_free(now), messages.c.channel == channel, messages.c.due_at <= now)

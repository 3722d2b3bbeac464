"""Sending: each message claimed by one sender at a time, and what became of it, from us and from providers (N5, N6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, exists, func, null, or_, select, update
from sqlalchemy.types import TypeEngine

from services.notification.model.delivery import A_DAY, WITH_PROVIDER
from services.notification.model.messages import PLANNED, WITHDRAWN, Content, Message
from services.notification.store.conditions import is_free, is_planned, is_untrue
from services.notification.store.message_rows import MESSAGE_COLUMNS, MessageRows
from services.notification.store.tables import messages, stopped_numbers
from shared.bus.events.inbox import first_times
from shared.clinic.message_keys import REMINDER
from shared.storage.database import UtcDateTime
from shared.storage.lists import PreparedChanges, among
from shared.storage.prepared import Prepared, Row


@dataclass(frozen=True)
class Claim:
    """A message in its sender's hands.

    Where `message.handed_over_at` is set, a provider may have it already. `stopped`: its receiver wants no SMS.
    `untrue`: what it says is true no longer. `reminded`: of a reminder, how many others of its clinic went to its
    receiver within a day, or are about to; those that were claimed with it do not count. `content` is what it says,
    where its claimer has written it just now.
    """

    message: Message
    stopped: bool = False
    untrue: bool = False
    reminded: int = 0
    content: Content | None = None


class SendingRows(MessageRows):
    """Claims, their outcomes, and numbers that want no SMS."""

    def claim_due(self, channel: str, now: datetime, lease_until: datetime, most: int) -> tuple[list[Claim], bool]:
        """Take what is due longest on a channel for oneself until `lease_until`; tell whether more may be due.

        What has become untrue meanwhile is withdrawn instead; what others have in hand is passed over. In order of the
        index over what is planned, or PostgreSQL would look for it among all that was ever sent.
        """
        rows = _DUE.rows(self.connection, channel=channel, now=now, since=now - A_DAY, most=most)
        found = [_found(row) for row in rows]
        over = [each.message.id for each in found if _is_over(each)]
        if over:
            _OVER.write(self.connection, ids=over)
        taken = [_taken(each, lease_until) for each in found if not _is_over(each)]
        if taken:
            _TAKE.write(self.connection, ids=[each.message.id for each in taken], until=lease_until)
        return taken, len(rows) == most

    def hand_over(self, claimed: Message, now: datetime) -> bool:
        """Note that a provider may have the message from now on, and prolong the claim by as long as that may take.

        False where the claim had passed to somebody else, or what it says has become untrue since.
        """
        claim = _claim(claimed)
        handed_over = {**claim, "handed_over_at": now, "lease_until": claim["prolonged"]}
        return bool(_HANDED_OVER.rows(self.connection, [handed_over]))

    def settle(self, outcomes: Iterable[tuple[Message, Mapping[str, Any]]]) -> set[str]:
        """Write what came of attempts and end their claims; return the ids of those that had passed to nobody else.

        What came of several messages is one statement where the same columns say it.
        """
        rows: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for claimed, outcome in outcomes:
            settled = {"lease_until": None, **outcome}
            rows[tuple(sorted(settled))].append(_claim(claimed) | settled)
        return {id for names, alike in rows.items() for (id,) in _settled(names).rows(self.connection, alike)}

    def settle_late(self, sent: Message, **outcome: Any) -> bool:
        """Write that a provider has taken a message whose claim had passed on; False where its state is known."""
        this = and_(messages.c.id == sent.id, messages.c.state == PLANNED, messages.c.handed_over_at.is_not(None))
        settled = update(messages).where(this).values({"lease_until": None, "handed_over_at": None, **outcome})
        return self.connection.execute(settled).rowcount == 1

    def give_back(self, channel: str, now: datetime, lease_until: datetime) -> None:
        """End the claim of that moment where there is one, of which its claimer knows nothing more."""
        mine = and_(messages.c.lease_until == lease_until, messages.c.state == PLANNED, messages.c.channel == channel)
        uncounted = {"attempts": messages.c.attempts - 1, "lease_until": None}
        self.connection.execute(update(messages).where(mine, messages.c.due_at <= now).values(uncounted))

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
        told = update(messages).where(messages.c.id == message.id)
        self.connection.execute(told.values(lease_until=None, handed_over_at=None, **news))

    def heard_first(self, answer: str, now: datetime) -> bool:
        """Note that an answer to an SMS came in, by an id of 32 characters; False where it already had."""
        return bool(first_times(self.connection, self.inbox, "provider_inbound", [answer], now))

    def stop_sms(self, recipients: Collection[str], now: datetime) -> None:
        """Send no SMS to a number, which is known by these hashes, from now on."""
        rows = [{"recipient": each, "stopped_at": now} for each in sorted(recipients)]
        self.connection.execute(self.insert_into(stopped_numbers).values(rows).on_conflict_do_nothing())

    def allow_sms(self, recipients: Collection[str]) -> None:
        """Send SMS to a number again."""
        self.connection.execute(stopped_numbers.delete().where(stopped_numbers.c.recipient.in_(recipients)))


def _found(row: Row) -> Claim:
    *columns, stopped, untrue, reminded = row
    return Claim(Message(*columns), stopped, untrue, reminded)


def _is_over(found: Claim) -> bool:
    """Tell whether a message is untrue, and surely no provider has it."""
    return found.untrue and found.message.handed_over_at is None


def _taken(found: Claim, lease_until: datetime) -> Claim:
    message = replace(found.message, attempts=found.message.attempts + 1, lease_until=lease_until)
    return replace(found, message=message)


def _claim(claimed: Message) -> dict[str, Any]:
    """Return what a claim is known by; raise ValueError for a message that nobody has claimed."""
    ends = claimed.lease_until
    if ends is None:
        raise ValueError("a message that nobody has claimed")
    return {"id": claimed.id, "claim": claimed.attempts, "ends": ends, "prolonged": ends + WITH_PROVIDER}


def _still_claimed(change: Any, claim: Mapping[str, ColumnElement[Any]]) -> Any:
    """Return the change of claimed messages that are their claimer's still: each claim has an end of its own.

    And another once its message is handed over.
    """
    ends = or_(messages.c.lease_until == claim["ends"], messages.c.lease_until == claim["prolonged"])
    return change.where(messages.c.attempts == claim["claim"], ends, is_planned()).returning(messages.c.id)


def _if_true(change: Any, claim: Mapping[str, ColumnElement[Any]]) -> Any:
    return _still_claimed(change, claim).where(~is_untrue())


_CLAIM: Mapping[str, TypeEngine[Any]] = {"claim": Integer(), "ends": UtcDateTime(), "prolonged": UtcDateTime()}
_HANDED_OVER = PreparedChanges(messages, "id", ("handed_over_at", "lease_until"), _if_true, _CLAIM)


@cache
def _settled(names: tuple[str, ...]) -> PreparedChanges:
    """Return the statement that writes these columns of what was claimed."""
    return PreparedChanges(messages, "id", names, _still_claimed, _CLAIM)


def _due() -> Any:
    """Return the query for what is due longest on a channel, with what `Claim` says of each."""
    now = bindparam("now", type_=UtcDateTime)
    stopped = exists().where(stopped_numbers.c.recipient == messages.c.recipient)
    columns = [messages.c[name] for name in MESSAGE_COLUMNS]
    due = and_(is_free(now), messages.c.channel == bindparam("channel", type_=String), messages.c.due_at <= now)
    found = select(*columns, stopped, is_untrue(), _reminded(now)).where(due)
    first = found.order_by(messages.c.due_at, messages.c.id).limit(bindparam("most", type_=Integer))
    return first.with_for_update(skip_locked=True, of=messages)


def _reminded(now: ColumnElement[datetime]) -> ColumnElement[int]:
    """Return what `Claim.reminded` says, in the statement that claims; two claimed at once do not see each other."""
    other = messages.alias("other")
    same = and_(other.c.recipient == messages.c.recipient, other.c.clinic == messages.c.clinic)
    reminder = and_(other.c.event == REMINDER, other.c.resend_of.is_(None), other.c.id != messages.c.id)
    lately = or_(other.c.sent_at > bindparam("since", type_=UtcDateTime), other.c.lease_until > now)
    others = select(func.count()).select_from(other).where(same, reminder, lately).scalar_subquery()
    return case((messages.c.event == REMINDER, others), else_=0)


_OF_IDS = update(messages).where(among(messages.c.id, "ids"))
_DUE = Prepared(_due())
_OVER = Prepared(_OF_IDS.values(state=WITHDRAWN, lease_until=null()))
_TAKE = Prepared(_OF_IDS.values(attempts=messages.c.attempts + 1, lease_until=bindparam("until", type_=UtcDateTime)))

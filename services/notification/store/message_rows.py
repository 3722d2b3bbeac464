"""Messages: written once, listed, withdrawn when untrue (PRODUCT N6)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, literal, not_, or_, select, tuple_, update

from services.notification.model.delivery import TOO_MANY
from services.notification.model.messages import FAILED, PATIENT, PLANNED, WITHDRAWN, Message
from services.notification.store.tables import bookings, messages
from shared.bus.events.unit_of_work import ServiceStore
from shared.clinic.message_keys import CANCELLED, LOGIN_CODE, MOVED, REMINDER, to_practitioner
from shared.storage.database import UtcDateTime

CHANGES = (MOVED, CANCELLED, to_practitioner(MOVED), to_practitioner(CANCELLED))
"""Messages that tell of a change of a booking."""

_KEPT = [field.name for field in fields(Message)]


class MessageRows(ServiceStore):
    """Messages, and the newest version of the bookings that they tell of."""

    def note_version(self, reference: str, version: int, practitioner: str, since: datetime) -> int:
        """Note a booking's version and practitioner unless a newer version is known; holds the booking's row.

        Returns how many changes of it messages have told of `since` then, this one not counted.
        """
        news = self.insert_into(bookings).values(reference=reference, version=version, practitioner=practitioner)
        noted = news.on_conflict_do_update(
            index_elements=["reference"],
            set_={"version": news.excluded.version, "practitioner": news.excluded.practitioner},
            where=bookings.c.version < news.excluded.version,
        )
        told = self.connection.execute(noted.returning(_changes_told(reference, version, since))).scalar()
        return int(told or 0)

    def note_link(self, reference: str, version: int, practitioner: str) -> None:
        """Note from which version on a booking has its link, unless a newer one is known."""
        news = self.insert_into(bookings).values(
            reference=reference, version=0, practitioner=practitioner, link_version=version
        )
        self.connection.execute(
            news.on_conflict_do_update(
                index_elements=["reference"],
                set_={"link_version": news.excluded.link_version},
                where=func.coalesce(bookings.c.link_version, 0) < news.excluded.link_version,
            )
        )

    def add(self, message: Message) -> None:
        """Write a message, unless the same event has already written one to that address (N6)."""
        self.connection.execute(self.insert_into(messages).values(asdict(message)).on_conflict_do_nothing())

    def add_one_of(self, message: Message, most: int, since: datetime) -> bool:
        """Write a message as `add` does, but as failed where `most` of its clinic went to its recipient `since` then.

        Returns whether it may go out. In the one statement, so that counting costs no other; two at once may exceed.
        """
        is_full = _to_recipient(message, since) >= most
        row = {
            **asdict(message),
            "state": case((is_full, FAILED), else_=message.state),
            "failure": case((is_full, TOO_MANY), else_=None),
            "version": case((is_full, message.version + 1), else_=message.version),
        }
        written = self.insert_into(messages).values(row).on_conflict_do_nothing().returning(messages.c.state)
        return self.connection.execute(written).scalar() != FAILED

    def withdraw_of_booking(self, reference: str, now: datetime) -> bool:
        """Withdraw what waits to be sent of this booking and has become untrue; tell whether there was anything."""
        return self._withdraw(messages.c.booking == reference, now)

    def get(self, clinic: str | None, id: str) -> Message | None:
        """Return one message; None where the clinic (None: any) has no such message."""
        of_clinic = [messages.c.clinic == clinic] if clinic is not None else []
        return next(iter(self._all(select(messages).where(messages.c.id == id, *of_clinic))), None)

    def page(
        self,
        wanted: Mapping[str, str | None],
        after: Message | None,
        limit: int,
        *,
        failed_first: bool,
        with_codes: bool,
    ) -> list[Message]:
        """Return up to `limit` messages, newest first, those behind `after`; what is None in `wanted` does not narrow.

        With `failed_first` those that failed and nobody has sent again come before all others.
        """
        where = [messages.c[name] == value for name, value in wanted.items() if value is not None]
        if not with_codes:
            where.append(messages.c.event != LOGIN_CODE)
        if not failed_first or wanted.get("state") not in {None, FAILED}:
            return self._newest(where, after, limit)
        found = self._newest([*where, _calls_for_staff()], after, limit) if after is None or _failed(after) else []
        if len(found) < limit:
            behind = None if after is None or _failed(after) else after
            found += self._newest([*where, not_(_calls_for_staff())], behind, limit - len(found))
        return found

    def _newest(self, where: Sequence[ColumnElement[bool]], after: Message | None, limit: int) -> list[Message]:
        behind = []
        if after is not None:
            here = tuple_(literal(after.created_at, UtcDateTime), literal(after.id))
            behind.append(tuple_(messages.c.created_at, messages.c.id) < here)
        newest = (messages.c.created_at.desc(), messages.c.id.desc())
        return self._all(select(messages).where(*where, *behind).order_by(*newest).limit(limit))

    def _withdraw(self, which: ColumnElement[bool], now: datetime) -> bool:
        """Withdraw those of `which` that are untrue, that nobody has in hand and that surely nobody has taken.

        Return whether there were any.
        """
        untrue = select(messages.c.id).where(which, is_untouched(now), is_untrue())
        ids: Sequence[str] = self.connection.scalars(untrue.with_for_update(skip_locked=True, of=messages)).all()
        if ids:
            self.connection.execute(update(messages).where(messages.c.id.in_(ids)).values(state=WITHDRAWN))
        return bool(ids)

    def _all(self, query: Any) -> list[Message]:
        return [message_of(row) for row in self.connection.execute(query)]


def _to_recipient(message: Message, since: datetime) -> ScalarSelect[int]:
    """Return how many messages of what happened went to whom `message` is for, or are about to.

    Reminders are told from one another by the bookings that they remind of; login codes have limits of their own.
    """
    earlier = messages.alias("earlier")
    same = and_(earlier.c.recipient == message.recipient, earlier.c.clinic == message.clinic)
    of_kind = and_(earlier.c.audience == message.audience, earlier.c.event.not_in((REMINDER, LOGIN_CODE)))
    counts = and_(earlier.c.state != WITHDRAWN, func.coalesce(earlier.c.failure, "") != TOO_MANY)
    lately = and_(earlier.c.created_at > since, earlier.c.resend_of.is_(None))
    return select(func.count()).select_from(earlier).where(same, of_kind, counts, lately).scalar_subquery()


def _changes_told(reference: str, version: int, since: datetime) -> ScalarSelect[Any]:
    of_booking = and_(messages.c.booking == reference, messages.c.booking_version < version)
    lately = and_(messages.c.event.in_(CHANGES), messages.c.created_at > since)
    versions = func.count(messages.c.booking_version.distinct())
    return select(versions).where(of_booking, lately).scalar_subquery()


def _failed(message: Message) -> bool:
    """Tell of a message what `_calls_for_staff` tells of its row."""
    return message.state == FAILED and message.resent_at is None


def _calls_for_staff() -> ColumnElement[bool]:
    return and_(messages.c.state == literal(FAILED, literal_execute=True), messages.c.resent_at.is_(None))


def message_of(row: Any) -> Message:
    """Return the message that a row of the table holds."""
    return Message(**{name: row._mapping[name] for name in _KEPT})


def is_free(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a message waits to be sent and nobody has it in hand."""
    return and_(_is_planned(), _is_unclaimed(now))


def is_untouched(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a message is free, and no provider may have it already."""
    return and_(_is_planned(), is_with_nobody(now))


def is_with_nobody(now: datetime) -> ColumnElement[bool]:
    """Return the condition that no sender has a message in hand, and no provider may have it."""
    return and_(_is_unclaimed(now), messages.c.handed_over_at.is_(None))


def _is_planned() -> ColumnElement[bool]:
    return messages.c.state == literal(PLANNED, literal_execute=True)


def _is_unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(messages.c.lease_until.is_(None), messages.c.lease_until <= now)


def is_untrue() -> ColumnElement[bool]:
    """Return the condition that a newer version of its booking, or a newer recall, has made a message untrue."""
    return or_(_is_superseded(), _is_issued_again())


def _is_superseded() -> ColumnElement[bool]:
    """Return the condition that the booking has a newer version, or its patient would be told of a void link.

    What tells a practitioner that a booking has left them stays true until the booking is theirs again.
    """
    untrue = or_(messages.c.left_practitioner.is_(None), messages.c.left_practitioner == bookings.c.practitioner)
    newer = and_(bookings.c.version > messages.c.booking_version, untrue)
    void_link = and_(bookings.c.link_version > messages.c.booking_version, messages.c.audience == PATIENT)
    return exists().where(bookings.c.reference == messages.c.booking, or_(newer, void_link))


def _is_issued_again() -> ColumnElement[bool]:
    """Return the condition that a recall has been issued again since a message told of it."""
    newer = messages.alias("newer")
    return exists().where(newer.c.recall == messages.c.recall, newer.c.recall_issue > messages.c.recall_issue)

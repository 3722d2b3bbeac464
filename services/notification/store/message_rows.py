"""Messages: written once, listed, withdrawn when untrue (PRODUCT N6)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, not_, or_, select, tuple_, update

from services.notification.model.messages import FAILED, PLANNED, WITHDRAWN, Message
from services.notification.store.tables import bookings, messages
from shared.bus.events.unit_of_work import ServiceStore
from shared.clinic.message_keys import LOGIN_CODE
from shared.storage.database import UtcDateTime

_KEPT = [field.name for field in fields(Message)]


class MessageRows(ServiceStore):
    """Messages, and the newest version of the bookings that they tell of."""

    def note_version(self, reference: str, version: int, practitioner: str) -> None:
        """Note a booking's version and practitioner unless a newer version is known; holds the booking's row."""
        news = self.insert_into(bookings).values(reference=reference, version=version, practitioner=practitioner)
        self.connection.execute(
            news.on_conflict_do_update(
                index_elements=["reference"],
                set_={"version": news.excluded.version, "practitioner": news.excluded.practitioner},
                where=bookings.c.version < news.excluded.version,
            )
        )

    def add(self, message: Message) -> None:
        """Write a message, unless the same event has already written one to that address (N6)."""
        self.connection.execute(self.insert_into(messages).values(asdict(message)).on_conflict_do_nothing())

    def withdraw_of_booking(self, reference: str, now: datetime) -> None:
        """Withdraw what waits to be sent of this booking and a newer version has made untrue."""
        self._withdraw(messages.c.booking == reference, now)

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

    def _withdraw(self, which: ColumnElement[bool], now: datetime) -> None:
        """Withdraw those of `which` that are untrue, that nobody has in hand and that surely nobody has taken."""
        untrue = select(messages.c.id).where(which, is_untouched(now), is_untrue())
        ids: Sequence[str] = self.connection.scalars(untrue.with_for_update(skip_locked=True, of=messages)).all()
        if ids:
            self.connection.execute(update(messages).where(messages.c.id.in_(ids)).values(state=WITHDRAWN))

    def _all(self, query: Any) -> list[Message]:
        return [message_of(row) for row in self.connection.execute(query)]


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
    """Return the condition that the booking has a newer version.

    What tells a practitioner that a booking has left them stays true until the booking is theirs again.
    """
    newer = and_(bookings.c.reference == messages.c.booking, bookings.c.version > messages.c.booking_version)
    untrue = or_(messages.c.left_practitioner.is_(None), messages.c.left_practitioner == bookings.c.practitioner)
    return exists().where(newer, untrue)


def _is_issued_again() -> ColumnElement[bool]:
    """Return the condition that a recall has been issued again since a message told of it."""
    newer = messages.alias("newer")
    return exists().where(newer.c.recall == messages.c.recall, newer.c.recall_issue > messages.c.recall_issue)

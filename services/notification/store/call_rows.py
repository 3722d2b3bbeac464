"""Recalls that were issued again, login codes that are forgotten, and messages that staff send again (R2, B14, N6)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, literal, or_, select, update

from services.notification.model.messages import PATIENT, PLANNED, WITHDRAWN, Message
from services.notification.store.conditions import is_untrue
from services.notification.store.message_rows import MessageRows, is_of_calendar
from services.notification.store.tables import appointments, bookings, messages, stopped_numbers
from shared.clinic.message_keys import BOOKED, LOGIN_CODE


class CallRows(MessageRows):
    """What becomes of messages besides being sent."""

    def withdraw_recalls(self, recalls: Collection[str], now: datetime) -> None:
        """Withdraw what waits to be sent of recalls that have been issued again since."""
        self._withdraw(messages.c.recall.in_(recalls), now)

    def of_recalls(self, clinic: str, recalls: Collection[str], calendar: str | None = None) -> list[Message]:
        """Return the messages of a clinic's recalls, the latest issue of each first.

        With a `calendar` none of bookings with another practitioner.
        """
        theirs = select(messages).where(messages.c.recall.in_(sorted(recalls)), messages.c.clinic == clinic)
        if calendar is not None:
            theirs = theirs.where(or_(messages.c.booking.is_(None), is_of_calendar(calendar)))
        return self._all(theirs.order_by(messages.c.recall_issue.desc(), messages.c.created_at.desc(), messages.c.id))

    def erase_codes(self, before: datetime, content: str) -> int:
        """Put `content` into the login codes written before then, withdraw what was never sent; return how many."""
        code = messages.c.event == literal(LOGIN_CODE, literal_execute=True)
        old = and_(code, messages.c.expires_at.is_not(None), messages.c.created_at < before)
        self.connection.execute(update(messages).where(old, messages.c.state == PLANNED).values(state=WITHDRAWN))
        erased = update(messages).where(old).values(content=content, recipient="", expires_at=None)
        return self.connection.execute(erased).rowcount

    def for_resending(self, clinic: str, id: str) -> Message | None:
        """Return a clinic's message, alone with it until the commit."""
        row = select(messages).where(messages.c.id == id, messages.c.clinic == clinic).with_for_update()
        return next(iter(self._all(row)), None)

    def is_true(self, message: Message) -> bool:
        """Tell whether no newer version of its booking, and no newer recall, has made a message untrue."""
        stands = select(messages.c.id).where(messages.c.id == message.id, ~is_untrue())
        return self.connection.execute(stands).first() is not None

    def stopped(self, recipients: Collection[str]) -> set[str]:
        """Return those of some numbers, by their hashes, that want no SMS (PRODUCT N5)."""
        wanted = select(stopped_numbers.c.recipient).where(stopped_numbers.c.recipient.in_(recipients))
        return set(self.connection.scalars(wanted)) if recipients else set()

    def practitioner_of(self, clinic: str, reference: str) -> str | None:
        """Return with whom a clinic's booking is by the last that was told of it; None where nothing was heard."""
        theirs = and_(appointments.c.reference == reference, appointments.c.clinic == clinic)
        query = select(bookings.c.practitioner).where(bookings.c.reference == reference)
        return self.connection.scalar(query.where(select(appointments.c.reference).where(theirs).exists()))

    def was_confirmed(self, reference: str, since: datetime) -> bool:
        """Tell whether a booking's patient was written a confirmation since a moment."""
        theirs = and_(messages.c.booking == reference, messages.c.audience == PATIENT, messages.c.event == BOOKED)
        lately = and_(messages.c.created_at > since, messages.c.state != WITHDRAWN)
        return self.connection.execute(select(messages.c.id).where(theirs, lately).limit(1)).first() is not None

    def resend_waits(self, id: str) -> bool:
        """Tell whether a message that was sent again is still to go out."""
        waiting = select(messages.c.id).where(messages.c.resend_of == id, messages.c.state == PLANNED)
        return self.connection.execute(waiting.limit(1)).first() is not None

    def note_resent(self, message: Message, now: datetime) -> None:
        """Note that staff have sent a message again."""
        self.connection.execute(update(messages).where(messages.c.id == message.id).values(resent_at=now))

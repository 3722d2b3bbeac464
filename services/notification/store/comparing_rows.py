"""What is known of bookings, to be compared with what booking says; for a page of them at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, not_, or_, select, update

from services.notification.model.messages import PLANNED, WITHDRAWN
from services.notification.model.remembered import Remembered
from services.notification.store.conditions import is_untouched, is_with_nobody
from services.notification.store.reminder_rows import ReminderRows
from services.notification.store.tables import appointments, booked_patients, bookings, messages
from shared.clinic.message_keys import REMINDER


@dataclass(frozen=True)
class Known:
    """What is known of a booking: its state, whose it is, the version that people were told of, and its link's."""

    remembered: Remembered | None
    patient: str | None
    told: int
    link: int


class ComparingRows(ReminderRows):
    """What is known of bookings, by reference."""

    def known_of(self, references: Collection[str]) -> dict[str, Known]:
        """Return what is known of each of these bookings; locks nothing."""
        mine = appointments.c.reference.in_(references)
        remembered = {each.reference: each for each in self._remembered(mine, to_change=False)}
        whose = select(booked_patients.c.booking, booked_patients.c.patient)
        patients = self.connection.execute(whose.where(booked_patients.c.booking.in_(references))).all()
        versions = select(bookings.c.reference, bookings.c.version, bookings.c.link_version)
        rows = self.connection.execute(versions.where(bookings.c.reference.in_(references)))
        told = {row.reference: (row.version, row.link_version or 0) for row in rows}
        by_booking = {row.booking: row.patient for row in patients}
        return {each: Known(remembered.get(each), by_booking.get(each), *told.get(each, (0, 0))) for each in references}

    def gone_reminders(self, references: Collection[str], now: datetime) -> set[tuple[str, str]]:
        """Return (reminder, recipient) of those of these bookings' reminders that went out, failed, or are in hand."""
        unsent = and_(or_(messages.c.state == PLANNED, messages.c.state == WITHDRAWN), is_with_nobody(now))
        of_these = and_(
            messages.c.booking.in_(references), messages.c.event == REMINDER, messages.c.resend_of.is_(None)
        )
        rows = self.connection.execute(
            select(messages.c.source_event, messages.c.recipient).where(of_these, not_(unsent))
        )
        return {(row[0], row[1]) for row in rows}

    def standing(
        self, clinic: str, now: datetime, after: str | None, named: Collection[str] | None, limit: int
    ) -> list[str]:
        """Return up to `limit` bookings that stand and are to come, in order: those behind `after`, or of `named`."""
        query = select(appointments.c.reference).where(
            appointments.c.clinic == clinic, appointments.c.facts.is_not(None), appointments.c.start > now
        )
        if named is not None:
            query = query.where(appointments.c.reference.in_(named))
        if after is not None:
            query = query.where(appointments.c.reference > after)
        return list(self.connection.scalars(query.order_by(appointments.c.reference).limit(limit)))

    def drop(self, reference: str, now: datetime) -> None:
        """Forget a booking, and withdraw what waits to be sent of it."""
        self.connection.execute(delete(appointments).where(appointments.c.reference == reference))
        waiting = and_(messages.c.booking == reference, is_untouched(now))
        self.connection.execute(update(messages).where(waiting).values(state=WITHDRAWN))

    def forget(self, reference: str, version: int | None) -> None:
        """Forget a booking's state where it is of this version, so that it can be told anew, be it an older one."""
        mine = and_(appointments.c.reference == reference, appointments.c.version == version)
        self.connection.execute(delete(appointments).where(mine))

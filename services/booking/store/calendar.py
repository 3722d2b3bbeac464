"""Queries of the staff's calendar: by an index, and few however much a day holds (PRODUCT C6)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from services.booking.model.bookings import CANCELLED, Booking
from services.booking.model.history import DeliveryNote
from services.booking.store.rows import read_booking
from services.booking.store.tables import bookings, history
from shared.bus.events.unit_of_work import ServiceStore
from shared.contracts.notification import MESSAGE_FAILED, MESSAGE_SENT
from shared.storage.database import UtcDateTime
from shared.storage.lists import among
from shared.storage.prepared import Prepared

_STANDING = (
    select(bookings)
    .where(
        bookings.c.clinic == bindparam("of_clinic"),
        bookings.c.starts_at >= bindparam("start", type_=UtcDateTime),
        bookings.c.starts_at < bindparam("end", type_=UtcDateTime),
        bookings.c.status != CANCELLED,
    )
    .order_by(bookings.c.starts_at, bookings.c.reference)
)
_OF_CLINIC = Prepared(_STANDING)
_OF_PRACTITIONER = Prepared(_STANDING.where(bookings.c.practitioner == bindparam("with_practitioner")))
_OF_MESSAGES = or_(history.c.type == MESSAGE_SENT, history.c.type == MESSAGE_FAILED)
_DELIVERIES = Prepared(
    select(history.c.booking, history.c.type, history.c.changes)
    .where(among(history.c.booking, "references"), _OF_MESSAGES)
    .order_by(history.c.booking, history.c.position)
)


class CalendarRows(ServiceStore):
    """What a day's calendar shows."""

    def bookings_between(
        self, clinic: str, start: datetime, end: datetime, practitioner: str | None = None
    ) -> list[Booking]:
        """Return all bookings that start in `[start, end)` and were not cancelled, by start and reference."""
        asked = {"of_clinic": clinic, "start": start, "end": end}
        if practitioner is None:
            rows = _OF_CLINIC.rows(self.connection, **asked)
        else:
            rows = _OF_PRACTITIONER.rows(self.connection, **asked, with_practitioner=practitioner)
        return [read_booking(dict(zip(bookings.c.keys(), row, strict=True))) for row in rows]

    def deliveries_of(self, references: Collection[str]) -> list[DeliveryNote]:
        """Return what histories note of these bookings' messages, of each in the order of its history."""
        if not references:
            return []
        return [DeliveryNote(*row) for row in _DELIVERIES.rows(self.connection, references=sorted(references))]

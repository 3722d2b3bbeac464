"""Queries about recalls: what was issued, for which booking or need, and what a code opens (PRODUCT M2, R2)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from services.booking.model.bookings import BOOKED, RECALLED, Booking
from services.booking.model.recalls import Recall, Subject
from services.booking.store.bookings import is_after
from services.booking.store.rows import read_booking
from services.booking.store.tables import bookings, recalls
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.lists import PreparedRows


def _over_what_it_was(row: Any) -> Any:
    again = {name: row.excluded[name] for name in recalls.c.keys() if name != "id"}  # noqa: SIM118
    return row.on_conflict_do_update(index_elements=["id"], set_=again)


_KEPT = PreparedRows(recalls, completed=_over_what_it_was)


class RecallRows(ServiceStore):
    """The recalls."""

    def keep_recalls(self, *issued: Recall) -> None:
        """Write new recalls, and those that were issued again over what they were."""
        _KEPT.write(self.connection, [_row(recall) for recall in issued])

    def recalls_for(self, subjects: Collection[Subject]) -> dict[str, Recall]:
        """Return what was made for these bookings and needs, by reference or need id."""
        ids = [subject.id for subject in subjects]
        query = select(recalls).where(or_(recalls.c.booking.in_(ids), recalls.c.need.in_(ids)))
        found = [_read(row) for row in self.connection.execute(query).mappings()]
        return {str(recall.booking or recall.need): recall for recall in found}

    def recall_by_lookup(self, lookups: Collection[str]) -> Recall | None:
        """Return the recall that one of these lookups finds, or None."""
        row = self.connection.execute(select(recalls).where(recalls.c.lookup.in_(sorted(lookups)))).mappings().first()
        return None if row is None else _read(row)

    def booked_recalls(
        self, clinic: str, first: datetime, last: datetime, *, for_change: bool = False
    ) -> list[Booking]:
        """Return the standing recall bookings that start in `[first, last)`, by start; locked `for_change`."""
        query: Select[Any] = select(bookings).where(
            bookings.c.clinic == clinic,
            bookings.c.origin == RECALLED,
            bookings.c.status == BOOKED,
            bookings.c.starts_at >= first,
            bookings.c.starts_at < last,
        )
        query = query.order_by(bookings.c.starts_at, bookings.c.reference)
        if for_change:
            query = query.with_for_update(key_share=True)
        return [read_booking(row) for row in self.connection.execute(query).mappings()]

    def coming_recalls(
        self, clinic: str, now: datetime, practitioner: str | None, after: tuple[datetime, str] | None, limit: int
    ) -> list[Booking]:
        """Return up to `limit` standing recall bookings to come, by start and reference; a practitioner's own."""
        query: Select[Any] = select(bookings).where(
            bookings.c.clinic == clinic,
            bookings.c.starts_at > now,
            bookings.c.origin == RECALLED,
            bookings.c.status == BOOKED,
        )
        if practitioner is not None:
            query = query.where(bookings.c.practitioner == practitioner)
        if after is not None:
            query = query.where(is_after(bookings.c.starts_at, bookings.c.reference, after))
        found = query.order_by(bookings.c.starts_at, bookings.c.reference).limit(limit)
        return [read_booking(row) for row in self.connection.execute(found).mappings()]


def _row(recall: Recall) -> dict[str, Any]:
    return {**vars(recall), "channels": list(recall.channels)}


def _read(row: Any) -> Recall:
    return Recall(**{**row, "channels": tuple(row["channels"])})

"""What the migration that brought the report leaves to the running service."""

from sqlalchemy import delete, insert

from services.booking.store import BookingStore
from services.booking.store.tables import report_backfill


def begin_backfill(store: BookingStore) -> None:
    """Let all bookings be looked at: what is counted already stays counted once."""
    store.connection.execute(delete(report_backfill))
    store.connection.execute(insert(report_backfill).values(number=1, after=""))

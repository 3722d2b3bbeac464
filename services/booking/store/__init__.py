"""Booking's own database: its tables, its queries, and what to do when two transactions cross."""

from services.booking.store.bookings import BookingRows
from services.booking.store.calendar import CalendarRows
from services.booking.store.checkpoints import CheckpointRows
from services.booking.store.comparing import Comparing
from services.booking.store.crossing import Overlap, repeated_when_crossed
from services.booking.store.erasing import ErasingRows, OldRows
from services.booking.store.imported import ImportedRows
from services.booking.store.ledgers import Ledgers
from services.booking.store.needs import NeedRows
from services.booking.store.occupied_time import OccupiedTime
from services.booking.store.recalls import RecallRows
from services.booking.store.reporting import ReportRows
from services.booking.store.tables import inbox, metadata, outbox, retention_runs
from services.booking.store.undoing import UndoRows
from shared.bus.events.unit_of_work import ServiceStore


class BookingStore(
    OccupiedTime,
    BookingRows,
    UndoRows,
    NeedRows,
    RecallRows,
    Ledgers,
    CheckpointRows,
    CalendarRows,
    Comparing,
    ImportedRows,
    ErasingRows,
    ReportRows,
    OldRows,
    ServiceStore,
):
    """All queries of the service, over one transaction."""

    outbox = outbox
    inbox = inbox
    runs = retention_runs


__all__ = ["BookingStore", "Overlap", "metadata", "repeated_when_crossed"]

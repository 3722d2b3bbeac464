"""What the database says when two transactions want the same thing."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError

from services.booking.model.choosing import Busy
from services.booking.store.tables import NO_OVERLAP, ONE_BOOKING_PER_NEED
from shared.bus.events.unit_of_work import StoreT, UnitOfWork
from shared.contracts.errors import Unavailable

T = TypeVar("T")

TRIES = 4
_SERIALIZATION_FAILURE = "40001"
_DEADLOCK_DETECTED = "40P01"
_TAKEN = (
    NO_OVERLAP,
    "pk_bookings",
    "bookings.reference",
    ONE_BOOKING_PER_NEED,
    "bookings.need",
    "uq_recalls_lookup",
    "recalls.lookup",
)
"""What PostgreSQL and SQLite call the time and the keys that a transaction may find taken by an earlier one."""


class Overlap(Busy):
    """The database refused a time that overlaps one of the same resource (PRODUCT B11)."""

    def __init__(self) -> None:
        super().__init__(held=False)


def repeated_when_crossed(work: UnitOfWork[StoreT], attempt: Callable[[StoreT], T]) -> T:
    """Return what `attempt` returns from its own committed transaction.

    A transaction that the database ended for another's sake (deadlock, serialization, an overlap that came after
    the look), or that found its random reference or code or its need taken, has left no trace and is tried again, a
    few times; then Overlap or Unavailable.
    """
    for tried in range(1, TRIES + 1):
        try:
            with work() as store:
                return attempt(store)
        except Unavailable as told:  # the drivers count deadlocks among the troubles of a database that is away
            if not _is_crossed(told.__cause__):
                raise
        except DBAPIError as error:
            if not _is_crossed(error):
                raise
            if tried == TRIES and NO_OVERLAP in str(error.orig):
                raise Overlap from error
    raise Unavailable.because("The booking database is too busy; try again.")


def _is_crossed(error: BaseException | None) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "pgcode", None) in {_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED}:
        return True
    return isinstance(error, IntegrityError) and any(name in str(error.orig) for name in _TAKEN)

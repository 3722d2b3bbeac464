"""Queries about what of a former system's appointments has become which booking, and what is in the way of others."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, literal, select

from services.booking.model.bookings import Booking, Imported
from services.booking.model.choosing import Occupied
from services.booking.store.rows import read_booking
from services.booking.store.tables import bookings, imported, occupancy
from shared.bus.events.unit_of_work import ServiceStore
from shared.clinic.occupancy import Interval
from shared.storage.database import UtcDateTime
from shared.storage.lists import PreparedLook, PreparedRows, among
from shared.storage.prepared import Prepared

_KNOWN = Prepared(
    select(imported.c.key, imported.c.booking, imported.c.place).where(
        imported.c.clinic == bindparam("of_clinic"), among(imported.c.key, "keys")
    )
)
_NAMED = select(bookings).where(among(bookings.c.reference, "references")).order_by(bookings.c.reference)
_BOOKINGS = {False: Prepared(_NAMED), True: Prepared(_NAMED.with_for_update(key_share=True))}
_FORGOTTEN = Prepared(
    delete(imported).where(imported.c.clinic == bindparam("of_clinic"), among(imported.c.key, "keys"))
)
_FREED = Prepared(delete(occupancy).where(among(occupancy.c.booking, "references")))
_OCCUPIED = PreparedRows(occupancy, ("clinic", "resource", "starts_at", "ends_at", "booking"))


def _over_what_it_was(row: Any) -> Any:
    again = {name: row.excluded[name] for name in ("booking", "place", "at")}
    return row.on_conflict_do_update(index_elements=["clinic", "key"], set_=again)


_NOTED = PreparedRows(imported, completed=_over_what_it_was)


def _met(row: Any, on_postgresql: bool) -> Any:
    columns = ("resource", "starts_at", "ends_at", "booking", "hold", "expires_at")
    of_it = select(*(occupancy.c[name] for name in columns)).where(
        occupancy.c.clinic == row["clinic"], occupancy.c.resource == row["resource"]
    )
    if on_postgresql:
        taken: Any = func.tstzrange(occupancy.c.starts_at, occupancy.c.ends_at, literal("[)"))
        return of_it.where(taken.op("&&")(func.tstzrange(row["starts_at"], row["ends_at"], literal("[)"))))
    return of_it.where(occupancy.c.starts_at < row["ends_at"], occupancy.c.ends_at > row["starts_at"])


_IN_THE_WAY = PreparedLook(
    {
        "clinic": occupancy.c.clinic.type,
        "resource": occupancy.c.resource.type,
        "starts_at": UtcDateTime(),
        "ends_at": UtcDateTime(),
    },
    _met,
)


class ImportedRows(ServiceStore):
    """What was taken over, of all clinics."""

    def imported(self, clinic: str, keys: Collection[str]) -> dict[str, Imported]:
        """Return which bookings lines of a clinic's files, by these keys, have become, of those that have."""
        rows = _KNOWN.rows(self.connection, of_clinic=clinic, keys=sorted(keys)) if keys else []
        return {row[0]: Imported(*row) for row in rows}

    def note_imported(self, clinic: str, lines: Iterable[Imported], now: datetime) -> None:
        """Note which bookings lines of a clinic's files have become."""
        rows = [{"clinic": clinic, **vars(each), "at": now} for each in lines]
        _NOTED.write(self.connection, rows)

    def forget_imported(self, clinic: str, keys: Collection[str]) -> None:
        """Forget what became of lines of a clinic's files by these keys."""
        if keys:
            _FORGOTTEN.write(self.connection, of_clinic=clinic, keys=sorted(keys))

    def bookings_by_reference(self, references: Collection[str], *, to_change: bool = False) -> dict[str, Booking]:
        """Return these bookings, `to_change` kept from other writers until the commit."""
        if not references:
            return {}
        rows = _BOOKINGS[to_change].rows(self.connection, references=sorted(references))
        found = (read_booking(dict(zip(bookings.c.keys(), row, strict=True))) for row in rows)
        return {booking.reference: booking for booking in found}

    def occupied_at(self, clinic: str, times: Collection[tuple[str, Interval]]) -> list[Occupied]:
        """Return what overlaps any of these times of resources, each row once, holds that have expired included."""
        rows = [
            {"clinic": clinic, "resource": resource, "starts_at": start, "ends_at": end}
            for resource, (start, end) in sorted(times)
        ]
        return list(dict.fromkeys(Occupied(*row) for row in _IN_THE_WAY.rows(self.connection, rows)))

    def free_bookings(self, references: Collection[str]) -> None:
        """Give back all time that these bookings occupy."""
        if references:
            _FREED.write(self.connection, references=sorted(references))

    def occupy_for(self, clinic: str, made: Sequence[Booking]) -> None:
        """Let bookings take their time; the transaction fails where any of it is taken."""
        rows = [
            {
                "clinic": clinic,
                "resource": resource,
                "starts_at": each.busy_from,
                "ends_at": each.busy_to,
                "booking": each.reference,
            }
            for each in made
            for resource in each.occupied()
        ]
        _OCCUPIED.write(self.connection, rows)

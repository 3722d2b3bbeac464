"""Queries about time: locks, what is occupied, holds (PRODUCT B11, B12)."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from services.booking.model.choosing import Occupied
from services.booking.model.holds import Hold
from services.booking.store.tables import holds, occupancy
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.database import UtcDateTime
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared

_LOCK = Prepared(
    text("SELECT count(pg_advisory_xact_lock(key)) FROM unnest(:keys) AS key").bindparams(
        bindparam("keys", type_=ARRAY(BigInteger))
    )
)
_ADD_HOLD = Prepared(insert(holds))
_GIVE_HELD_TIME = Prepared(
    update(occupancy)
    .where(occupancy.c.hold == bindparam("of_hold"))
    .values(booking=bindparam("to_booking"), hold=None, expires_at=None)
)
_FREE_BOOKING = Prepared(delete(occupancy).where(occupancy.c.booking == bindparam("of_booking")))
_FREE_HOLD = Prepared(delete(occupancy).where(occupancy.c.hold == bindparam("of_hold")))
_HOLD = Prepared(select(holds).where(holds.c.id == bindparam("wanted")))
_USE_HOLD = Prepared(
    update(holds)
    .where(holds.c.id == bindparam("wanted"), holds.c.state == "held", holds.c.expires_at > bindparam("now"))
    .values(state="used")
)
_OCCUPY = PreparedRows(occupancy, ("clinic", "resource", "starts_at", "ends_at", "booking", "hold", "expires_at"))

_START, _END = bindparam("start", type_=UtcDateTime), bindparam("end", type_=UtcDateTime)
_OF_RESOURCES = select(
    occupancy.c.resource,
    occupancy.c.starts_at,
    occupancy.c.ends_at,
    occupancy.c.booking,
    occupancy.c.hold,
    occupancy.c.expires_at,
).where(occupancy.c.clinic == bindparam("of_clinic"), among(occupancy.c.resource, "resources"))
_WANTED: ColumnElement[Any] = func.tstzrange(_START, _END, "[)")
_TAKEN: ColumnElement[Any] = func.tstzrange(occupancy.c.starts_at, occupancy.c.ends_at, literal("[)"))
_OCCUPIED = Prepared(_OF_RESOURCES.where(_TAKEN.op("&&")(_WANTED)))
_OCCUPIED_ON_SQLITE = Prepared(_OF_RESOURCES.where(occupancy.c.starts_at < _END, occupancy.c.ends_at > _START))


class OccupiedTime(ServiceStore):
    """The occupancy and the holds."""

    @property
    def _on_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def lock(self, clinic: str, resources: Collection[str]) -> None:
        """Wait until no other transaction takes time of these resources, and keep others out until the commit.

        It waits as the next query is asked, which sees what they have done. Always in the same order, so that two
        takers wait for each other in turn and never in a circle. On SQLite the transaction itself is the lock.
        """
        if self._on_sqlite:
            return
        _LOCK.write(self.connection, keys=sorted(_lock_number(clinic, name) for name in resources))

    def occupied(self, clinic: str, resources: Collection[str], start: datetime, end: datetime) -> list[Occupied]:
        """Return what of `resources` is occupied in `[start, end)`, holds that have expired included."""
        asked = _OCCUPIED_ON_SQLITE if self._on_sqlite else _OCCUPIED
        found = asked.rows(self.connection, of_clinic=clinic, resources=sorted(resources), start=start, end=end)
        return [Occupied(*row) for row in found]

    def occupy(
        self,
        clinic: str,
        resources: Sequence[str],
        start: datetime,
        end: datetime,
        *,
        booking: str | None = None,
        hold: str | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """Take `[start, end)` of every resource; the transaction fails with what comes next where any of it is taken.

        `repeated_when_crossed` makes Overlap of that.
        """
        common = {
            "clinic": clinic,
            "starts_at": start,
            "ends_at": end,
            "booking": booking,
            "hold": hold,
            "expires_at": expires_at,
        }
        _OCCUPY.write(self.connection, [{"resource": resource, **common} for resource in resources])

    def free_booking(self, reference: str) -> None:
        """Give back all time that a booking occupies."""
        _FREE_BOOKING.write(self.connection, of_booking=reference)

    def add_hold(self, hold: Hold) -> None:
        """Write a new hold, without the time that it occupies."""
        _ADD_HOLD.write(self.connection, **{**vars(hold), "resources": list(hold.resources)})

    def hold(self, hold: str) -> Hold | None:
        """Return a hold, or None where there is none (any more)."""
        row = _HOLD.row(self.connection, wanted=hold)
        return None if row is None else _read_hold(dict(zip(holds.c.keys(), row, strict=True)))

    def use_hold(self, hold: str, now: datetime) -> bool:
        """Mark a hold as used by a booking; False where it was used, released or has expired meanwhile."""
        return _USE_HOLD.count(self.connection, wanted=hold, now=now) == 1

    def give_held_time(self, hold: str, reference: str) -> None:
        """Turn the time that a hold occupies into the booking's."""
        _GIVE_HELD_TIME.write(self.connection, of_hold=hold, to_booking=reference)

    def free_hold(self, hold: str) -> None:
        """Give back all time that a hold occupies."""
        _FREE_HOLD.write(self.connection, of_hold=hold)

    def release_holds(self, condition: Collection[str], now: datetime | None = None) -> list[Hold]:
        """End these holds and give back their time; return those that this call ended.

        With `now` only those that have expired by then. The holds' rows are locked first and in order: everybody
        who ends a hold or uses it does so, and so they never wait in a circle.
        """
        wanted = and_(holds.c.id.in_(sorted(condition)), holds.c.state == "held")
        if now is not None:
            wanted = and_(wanted, holds.c.expires_at <= now)
        rows = self.connection.execute(select(holds).where(wanted).order_by(holds.c.id).with_for_update())
        return self._end_holds([_read_hold(row) for row in rows.mappings()])

    def release_expired_holds(self, now: datetime, limit: int) -> list[Hold]:
        """End up to `limit` holds that have expired and that nobody else is ending; return them."""
        rows = self.connection.execute(
            select(holds)
            .where(holds.c.state == "held", holds.c.expires_at <= now)
            .order_by(holds.c.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._end_holds([_read_hold(row) for row in rows.mappings()])

    def forget_holds(self, before: datetime) -> None:
        """Delete holds that ended before a moment."""
        self.connection.execute(delete(holds).where(holds.c.state != "held", holds.c.expires_at < before))

    def _end_holds(self, ended: list[Hold]) -> list[Hold]:
        if ended:
            ids = [hold.id for hold in ended]
            self.connection.execute(update(holds).where(holds.c.id.in_(ids)).values(state="released"))
            self.connection.execute(delete(occupancy).where(occupancy.c.hold.in_(ids)))
        return ended


def _read_hold(row: Any) -> Hold:
    return Hold(**{**row, "resources": tuple(row["resources"])})


def _lock_number(clinic: str, resource: str) -> int:
    digest = hashlib.blake2b(f"{clinic}\x1f{resource}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)

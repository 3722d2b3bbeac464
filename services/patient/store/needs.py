"""Queries about needs and the bookings that use them; what only time changes is asked by week, never row by row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    delete,
    false,
    insert,
    literal,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from services.patient.model.needs import BOOKED, CLOSED, DUE, EXPIRED, OVERDUE, Need
from services.patient.model.told import NeedBooking
from services.patient.store.tables import need_bookings, needs
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared

_KEPT = [field.name for field in fields(Need)]
_WANTED = among(needs.c.id, "wanted")
_LOCKED = Prepared(select(needs.c.id).where(_WANTED).order_by(needs.c.id).with_for_update())
_USER = (
    select(need_bookings.c.booking)
    .where(need_bookings.c.need == needs.c.id, need_bookings.c.stands)
    .order_by(need_bookings.c.booked_at.desc(), need_bookings.c.booking)
    .limit(1)
    .scalar_subquery()
)
"""The booking that uses a need.

Two stand between a cancellation's event that is late and the next booking's that has come: the younger is the one.
"""
_USERS_SHOWN = Prepared(update(needs).where(_WANTED).values(booking=_USER))
_TOLD_ANEW = Prepared(
    update(needs)
    .where(among(needs.c.clinic, "clinics"), among(needs.c.patient, "patients"), not_(needs.c.closed))
    .values(version=needs.c.version + 1)
    .returning(*(needs.c[name] for name in _KEPT))
)

_ADDED = PreparedRows(needs, _KEPT)
_NOT_CLOSED = Prepared(
    select(*(needs.c[name] for name in _KEPT))
    .where(needs.c.clinic == bindparam("of_clinic"), among(needs.c.patient, "patients"), not_(needs.c.closed))
    .order_by(needs.c.week, needs.c.id)
)


def _unless_newer(row: Any) -> Any:
    news = {name: row.excluded[name] for name in need_bookings.c.keys() if name != "booking"}  # noqa: SIM118
    newer = need_bookings.c.version < row.excluded.version
    return row.on_conflict_do_update(index_elements=["booking"], set_=news, where=newer)


_NOTED = PreparedRows(need_bookings, completed=_unless_newer)


@dataclass(frozen=True)
class Weeks:
    """What today makes of weeks: `this` one, and by type the `first` whose needs can still be used (B10)."""

    this: str
    first: Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """Which needs of a clinic are listed; None means all. `within` is a list's name (`model.needs.LISTS`).

    `calendar` leaves out those that name another practitioner. `usable_by` (types, patients, need) leaves those of
    these types that belong to one of these patients, or are this need, and can be booked with.
    """

    within: str | None = None
    week: str | None = None
    patient: str | None = None
    type: str | None = None
    calendar: str | None = None
    usable_by: tuple[Sequence[str], Sequence[str], str | None] | None = None


class Use(NamedTuple):
    """What is noted of a booking's need; `is_shown` where the need says the same of this booking, or is not there."""

    need: str
    stands: bool
    version: int
    is_shown: bool


class NeedRows(ServiceStore):
    """The needs of all clinics."""

    def add_need(self, need: Need) -> None:
        """Write a new need."""
        self.connection.execute(insert(needs).values(asdict(need)))

    def add_needs(self, added: Sequence[Need]) -> None:
        """Write new needs."""
        _ADDED.write(self.connection, [vars(need) for need in added])

    def needs_not_closed(self, clinic: str, patients: Collection[str]) -> list[Need]:
        """Return the needs of a clinic's patients that were not taken back, used or not."""
        if not patients:
            return []
        rows = _NOT_CLOSED.rows(self.connection, of_clinic=clinic, patients=sorted(patients))
        return [Need(*row) for row in rows]

    def replace_need(self, need: Need) -> None:
        """Write a changed need over the one before."""
        self.connection.execute(update(needs).where(needs.c.id == need.id).values(asdict(need)))

    def need(self, clinic: str, id: str, *, to_change: bool = False) -> tuple[Need, str | None] | None:
        """Return a clinic's need and the booking that uses it; `to_change` locks the need until the commit."""
        query = select(needs).where(needs.c.clinic == clinic, needs.c.id == id)
        row = self.connection.execute(query.with_for_update() if to_change else query).one_or_none()
        return None if row is None else _read(row)

    def needs_told_anew(self, owners: Collection[tuple[str, str]]) -> list[Need]:
        """Return all needs but the closed ones of patients (clinic, id), each for its next event, written so."""
        if not owners:
            return []
        clinics, ids = zip(*sorted(owners), strict=True)
        rows = _TOLD_ANEW.rows(self.connection, clinics=[*clinics], patients=[*ids])
        return sorted((Need(*row) for row in rows), key=lambda need: (need.week, need.id))

    def find_needs(
        self, clinic: str, wanted: Wanted, weeks: Weeks, after: Need | None, limit: int
    ) -> list[tuple[Need, str | None]]:
        """Return up to `limit` needs with the bookings that use them, by week and id, those behind `after`."""
        where = [needs.c.clinic == clinic, *_conditions(wanted, weeks)]
        if after is not None:
            where.append(tuple_(needs.c.week, needs.c.id) > tuple_(literal(after.week), literal(after.id)))
        query = select(needs).where(*where).order_by(needs.c.week, needs.c.id).limit(limit)
        return [_read(row) for row in self.connection.execute(query)]

    def note_bookings(self, told: Sequence[NeedBooking]) -> None:
        """Note which bookings were made with needs and whether they still stand, unless newer versions are noted.

        The needs are locked first and in order, so that of events that come at once the second sees what the first has
        noted, and nobody waits in a circle. Three statements, however many.
        """
        newest = {each.booking: each._asdict() for each in sorted(told, key=lambda each: each.version)}
        wanted = sorted({each.need for each in told})
        _LOCKED.write(self.connection, wanted=wanted)
        _NOTED.write(self.connection, [newest[booking] for booking in sorted(newest)])
        _USERS_SHOWN.write(self.connection, wanted=wanted)

    def forget_booking(self, booking: str, version: int) -> None:
        """Forget what a booking has told of its need, where that is of this version."""
        mine = and_(need_bookings.c.booking == booking, need_bookings.c.version == version)
        self.connection.execute(delete(need_bookings).where(mine))

    def users_of_needs(self, clinic: str, after: str | None, named: Collection[str] | None, limit: int) -> list[str]:
        """Return up to `limit` bookings that use needs of a clinic, in order: those behind `after`, or of `named`."""
        noted = need_bookings.join(needs, needs.c.id == need_bookings.c.need)
        query = select(need_bookings.c.booking).select_from(noted)
        query = query.where(needs.c.clinic == clinic, need_bookings.c.stands)
        if named is not None:
            query = query.where(need_bookings.c.booking.in_(named))
        if after is not None:
            query = query.where(need_bookings.c.booking > after)
        return list(self.connection.scalars(query.order_by(need_bookings.c.booking).limit(limit)))

    def drop_booking(self, booking: str) -> None:
        """Forget a booking, and which need it used."""
        need = self.connection.execute(
            delete(need_bookings).where(need_bookings.c.booking == booking).returning(need_bookings.c.need)
        ).scalar()
        if need is not None:
            _USERS_SHOWN.write(self.connection, wanted=[need])

    def uses_by(self, bookings: Collection[str]) -> dict[str, Use]:
        """Return what is noted of the needs of these bookings, by booking."""
        noted = need_bookings.outerjoin(needs, needs.c.id == need_bookings.c.need)
        columns = (need_bookings.c.booking, need_bookings.c.need, need_bookings.c.stands, need_bookings.c.version)
        query = select(*columns, needs.c.id, needs.c.booking).select_from(noted)
        rows = self.connection.execute(query.where(need_bookings.c.booking.in_(bookings)))
        return {row[0]: Use(*row[1:4], is_shown=row[4] is None or (row[5] == row[0]) == row[2]) for row in rows}

    def needs_by_id(self, clinic: str, ids: Collection[str] | None, after: str | None, limit: int) -> list[Need]:
        """Return up to `limit` needs of a clinic by id: those behind `after`, or with these ids."""
        query = select(needs).where(needs.c.clinic == clinic)
        if ids is not None:
            query = query.where(needs.c.id.in_(ids))
        if after is not None:
            query = query.where(needs.c.id > after)
        return [_read(row)[0] for row in self.connection.execute(query.order_by(needs.c.id).limit(limit))]


def _conditions(wanted: Wanted, weeks: Weeks) -> list[ColumnElement[bool]]:
    same = {"week": wanted.week, "patient": wanted.patient, "type": wanted.type}
    found: list[ColumnElement[bool]] = [needs.c[name] == value for name, value in same.items() if value is not None]
    if wanted.within is not None:
        found.append(_within(wanted.within, weeks))
    if wanted.calendar is not None:
        found.append(or_(needs.c.practitioner.is_(None), needs.c.practitioner == wanted.calendar))
    if wanted.usable_by is not None:
        types, patients, need = wanted.usable_by
        theirs: list[ColumnElement[bool]] = [needs.c.patient.in_(patients)] if patients else []
        theirs += [needs.c.id == need] if need else []
        found += [_open(), not_(_expired(weeks)), needs.c.type.in_(types), or_(false(), *theirs)]
    return found


def _within(name: str, weeks: Weeks) -> ColumnElement[bool]:
    over = needs.c.week < weeks.this
    return {
        DUE: and_(_open(), not_(over)),
        OVERDUE: and_(_open(), over, not_(_expired(weeks))),
        BOOKED: and_(not_(needs.c.closed), needs.c.booking.is_not(None)),
        EXPIRED: and_(_open(), _expired(weeks)),
        CLOSED: needs.c.closed,
    }[name]


def _open() -> ColumnElement[bool]:
    """Return whether a need is neither closed nor used, whatever the day is."""
    return and_(not_(needs.c.closed), needs.c.booking.is_(None))


def _expired(weeks: Weeks) -> ColumnElement[bool]:
    return or_(false(), *(and_(needs.c.type == type, needs.c.week < first) for type, first in weeks.first.items()))


def _read(row: Row[Any]) -> tuple[Need, str | None]:
    return Need(**{name: row._mapping[name] for name in _KEPT}), row.booking

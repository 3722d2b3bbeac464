"""Queries about needs: booking's copy of them, and which are still to be used (PRODUCT B9)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, union

from services.booking.model.bookings import CANCELLED
from services.booking.model.needs import OPEN, Need
from services.booking.store.tables import bookings, needs
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.lists import PreparedRows


def _unless_newer(row: Any) -> Any:
    newer = {name: row.excluded[name] for name in needs.c.keys() if name != "id"}  # noqa: SIM118
    instead_of = needs.c.version == bindparam("instead_of")
    where = or_(needs.c.version < row.excluded.version, instead_of)
    return row.on_conflict_do_update(index_elements=["id"], set_=newer, where=where)


_KEPT = PreparedRows(needs, completed=_unless_newer)


class NeedRows(ServiceStore):
    """The needs."""

    def keep_needs(self, told: Iterable[Need], instead_of: int | None = None) -> None:
        """Write what patient told of needs, unless something newer is known; `instead_of` that version in any case.

        One statement, however many, in the order of their ids, so that nobody waits in a circle.
        """
        newest = {need.id: vars(need) for need in sorted(told, key=lambda need: need.version)}
        _KEPT.write(self.connection, [newest[id] for id in sorted(newest)], instead_of=instead_of)

    def need(self, clinic: str, id: str) -> Need | None:
        """Return a clinic's need, or None."""
        query = select(needs).where(needs.c.id == id, needs.c.clinic == clinic)
        row = self.connection.execute(query).mappings().one_or_none()
        return None if row is None else Need(**row)

    def needs_named(self, clinic: str, ids: Collection[str]) -> list[Need]:
        """Return a clinic's needs with these ids, by week and id."""
        named = select(needs).where(needs.c.clinic == clinic, needs.c.id.in_(sorted(ids)))
        return self._needs(named.order_by(needs.c.week, needs.c.id))

    def needs_of(self, clinic: str, patient: str) -> list[Need]:
        """Return all needs of a clinic's patient, by week and id."""
        theirs = select(needs).where(needs.c.clinic == clinic, needs.c.patient == patient)
        return self._needs(theirs.order_by(needs.c.week, needs.c.id))

    def need_of_any_clinic(self, id: str) -> Need | None:
        """Return a need by its id alone, as a recall's link names it; None for an unknown one."""
        return next(iter(self._needs(select(needs).where(needs.c.id == id))), None)

    def open_needs(self, clinic: str, type: str, now: datetime, *, patients: Collection[str]) -> list[Need]:
        """Return these patients' needs of a type that are open and not used, in the order in which to use them."""
        query = _to_be_used(clinic, now).where(needs.c.type == type, needs.c.patient.in_(sorted(patients)))
        return self._needs(query.order_by(needs.c.week, needs.c.id))

    def open_need(self, clinic: str, id: str, now: datetime) -> Need | None:
        """Return a need that is open and not used, or None."""
        return next(iter(self._needs(_to_be_used(clinic, now).where(needs.c.id == id))), None)

    def claim_need(self, clinic: str, id: str, now: datetime) -> bool:
        """Tell whether the need can be used by a booking of this transaction; nobody else can meanwhile.

        The database refuses a second booking of it anyway; asked first, so that the refusal costs nothing.
        """
        self.connection.execute(select(needs.c.id).where(needs.c.id == id).with_for_update())
        return self.open_need(clinic, id, now) is not None

    def open_needs_of_week(self, clinic: str, week: str, now: datetime, *, for_change: bool = False) -> list[Need]:
        """Return a week's needs that are open and not used; `for_change` keeps other writers out until the commit.

        Locked first and looked at then: what was used while this waited for the lock counts.
        """
        of_week = and_(needs.c.clinic == clinic, needs.c.week == week)
        if for_change:
            self.connection.execute(select(needs.c.id).where(of_week).order_by(needs.c.id).with_for_update())
        return self._needs(_to_be_used(clinic, now).where(of_week).order_by(needs.c.id))

    def _needs(self, query: Select[Any]) -> list[Need]:
        return [Need(**row) for row in self.connection.execute(query).mappings()]

    def treated(self, clinic: str, practitioner: str, patients: Collection[str]) -> set[str]:
        """Return those of some patients with whom a practitioner has or had bookings, or to whom they are called in."""
        treats = bookings.c.clinic == clinic, bookings.c.practitioner == practitioner
        calls = needs.c.clinic == clinic, needs.c.practitioner == practitioner, needs.c.state == OPEN
        found = union(
            select(bookings.c.patient_id).where(*treats, bookings.c.patient_id.in_(patients)),
            select(needs.c.patient).where(*calls, needs.c.patient.in_(patients)),
        )
        return set(self.connection.execute(found).scalars())


def _to_be_used(clinic: str, now: datetime) -> Select[Any]:
    return select(needs).where(needs.c.clinic == clinic, needs.c.state == OPEN, ~is_used(now))


def is_used(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a booking uses a need, or may do so again within the minute (PRODUCT C10)."""
    stands = exists().where(bookings.c.need == needs.c.id, bookings.c.status != CANCELLED)
    may_stand_again = exists().where(bookings.c.need == needs.c.id, bookings.c.undo_until > now)
    return or_(stands, may_stand_again)

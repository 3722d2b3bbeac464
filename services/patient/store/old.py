"""Queries for what is older than a clinic keeps it (PRODUCT A3, ADR 58)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, literal, not_, or_, select, tuple_

from services.patient.store.needs import NeedRows
from services.patient.store.tables import need_bookings, needs, openings, outbox, patients
from shared.clinic.needs import first_weeks
from shared.clinic.retention import Over
from shared.clinic.times.weeks import week_of
from shared.retention.runs import RetentionRows
from shared.storage.database import UtcDateTime

_STILL_TELLING = 1000


class Longstanding(NamedTuple):
    """A record that may be of somebody who no longer comes; `version` is what it is at that moment."""

    id: str
    version: int
    created_at: datetime


class OldRows(NeedRows, RetentionRows):
    """What is over."""

    def delete_old_openings(self, over: Over, most: int) -> int:
        """Delete the oldest entries of the access log that are over; return how many."""
        some = select(openings.c.position).where(_is_old_opening(over)).order_by(openings.c.at).limit(most)
        return self.connection.execute(delete(openings).where(openings.c.position.in_(some))).rowcount

    def count_old_openings(self, over: Over, most: int) -> int:
        """Return how many there are, up to `most`."""
        return self._count(select(openings.c.position).where(_is_old_opening(over)).limit(most))

    def delete_old_needs(self, over: Over, most: int) -> int:
        """Delete the oldest needs that nobody can use any more, nor does; return how many."""
        query = select(needs.c.id).where(_is_old_need(over)).order_by(needs.c.week, needs.c.id).limit(most)
        ids = list(self.connection.scalars(query.with_for_update(skip_locked=True)))
        self.connection.execute(delete(need_bookings).where(need_bookings.c.need.in_(ids)))
        self.connection.execute(delete(needs).where(needs.c.id.in_(ids)))
        return len(ids)

    def count_old_needs(self, over: Over, most: int) -> int:
        """Return how many there are, up to `most`."""
        return self._count(select(needs.c.id).where(_is_old_need(over)).limit(most))

    def longstanding(self, over: Over, behind: tuple[datetime, str] | None, most: int) -> list[Longstanding]:
        """Return up to `most` records that are over and whose patients have no need that counts, the oldest first.

        A need counts that can be used, that is used, or whose week is not over by then. Those `behind` a record.
        """
        query = select(patients.c.id, patients.c.version, patients.c.created_at).where(_is_longstanding(over))
        if behind is not None:
            at, id = behind
            query = query.where(
                tuple_(patients.c.created_at, patients.c.id) > tuple_(literal(at, UtcDateTime), literal(id))
            )
        rows = self.connection.execute(query.order_by(patients.c.created_at, patients.c.id).limit(most))
        return [Longstanding(*row) for row in rows]

    def lately_told(self) -> int:
        """Return a place among what was told, behind which stands all that is told from now on.

        Some stand there that were told before: who has begun to tell may have an earlier place than who has finished.
        """
        return int(self.connection.scalar(select(func.max(outbox.c.position))) or 0) - _STILL_TELLING

    def unchanged(self, over: Over, found: Collection[Longstanding], told: int) -> Sequence[str]:
        """Return which of these records are what they were, and still over, held until the commit.

        Of whom something was told behind the place `told` has booked, maybe, and is linked with that.
        """
        lately = select(outbox.c.body["subject"].as_string()).where(outbox.c.position > told)
        are_same = tuple_(patients.c.id, patients.c.version).in_([(each.id, each.version) for each in found])
        same = and_(are_same, _is_longstanding(over), patients.c.id.not_in(lately))
        return list(
            self.connection.scalars(select(patients.c.id).where(same).order_by(patients.c.id).with_for_update())
        )

    def _count(self, some: Select[Any]) -> int:
        return int(self.connection.scalar(select(func.count()).select_from(some.subquery())) or 0)


def _is_longstanding(over: Over) -> ColumnElement[bool]:
    counts = and_(needs.c.clinic == over.clinic, needs.c.patient == patients.c.id, not_(_is_old_need(over)))
    return and_(patients.c.clinic == over.clinic, patients.c.created_at < over.before, ~exists().where(counts))


def _is_old_opening(over: Over) -> ColumnElement[bool]:
    return and_(openings.c.clinic == over.clinic, openings.c.at < over.before)


def _is_old_need(over: Over) -> ColumnElement[bool]:
    """Return the condition that a need was closed, or expired, before what is kept begins, and no booking uses it."""
    last, firsts = week_of(over.first_kept), first_weeks(over.document, over.first_kept)
    expired = [and_(needs.c.type == type, needs.c.week < first) for type, first in firsts.items()]
    return and_(
        needs.c.clinic == over.clinic,
        needs.c.week < last,
        needs.c.booking.is_(None),
        or_(needs.c.closed, or_(false(), *expired)),
    )

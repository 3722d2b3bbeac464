"""Queries of the report on online booking: what is counted, and what is still to be (PRODUCT A2, ADR 50)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select, update

from services.booking.model.bookings import Booking
from services.booking.model.reporting.counting import COUNTED, Counts, Place, Tally
from services.booking.model.reporting.periods import SPANS, By, Period
from services.booking.model.reporting.summing import WEB, Counted, Refused, Row
from services.booking.store.rows import read_booking
from services.booking.store.tables import (
    bookings,
    history,
    report_backfill,
    report_counted,
    report_counts,
    report_refusals,
)
from shared.bus.events.inbox import first_times
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared

Key = tuple[str, int]
"""A change of a booking: its reference, and its version after it."""

_NUMBERS = tuple(vars(Counts()))
_SAID_NOT = -1
_BATCHES = "note_online"
"""As whom the inbox knows batches."""


def _adding(table: Table, *numbers: str) -> Callable[[Any], Any]:
    def completed(row: Any) -> Any:
        sums = {name: table.c[name] + row.excluded[name] for name in numbers}
        return row.on_conflict_do_update(index_elements=list(table.primary_key.columns.keys()), set_=sums)

    return completed


_NOTE = PreparedRows(
    report_counted,
    completed=lambda row: row.on_conflict_do_nothing().returning(report_counted.c.booking, report_counted.c.version),
)
_COUNT = PreparedRows(report_counts, completed=_adding(report_counts, *_NUMBERS))
_REFUSE = PreparedRows(report_refusals, completed=_adding(report_refusals, "count"))
_MADE = Prepared(
    select(history.c.booking, history.c.version, history.c.at).where(
        among(history.c.booking, "references"), among(history.c.type, "types")
    )
)


class ReportRows(ServiceStore):
    """What the report sums up."""

    def first_counted(self, changes: Iterable[Key]) -> set[Key]:
        """Note that changes of bookings are counted, and return those that were not yet.

        In their order, so that two who count never wait for each other in a circle.
        """
        rows = [{"booking": reference, "version": version} for reference, version in sorted(set(changes))]
        return {(row[0], row[1]) for row in _NOTE.rows(self.connection, rows)}

    def made_at(self, changes: Collection[Key]) -> Mapping[Key, datetime]:
        """Return when changes of bookings were made, by their histories."""
        references = sorted({reference for reference, _ in changes})
        found = _MADE.rows(self.connection, references=references, types=list(COUNTED))
        return {(row[0], row[1]): row[2] for row in found if (row[0], row[1]) in changes}

    def is_first_batch(self, id: str, now: datetime) -> bool:
        """Note that a batch of a gateway's is counted; False where it already is."""
        return bool(first_times(self.connection, self.inbox, _BATCHES, [id], now))

    def count(self, tally: Tally) -> None:
        """Add to what was counted; in the order of the places, so that nobody waits in a circle."""
        rows = [{**place._asdict(), **vars(counts)} for place, counts in sorted(tally.items(), key=_place)]
        _COUNT.write(self.connection, rows)

    def count_refusals(self, clinic: str, day: date, refused: Iterable[Mapping[str, Any]]) -> None:
        """Add searches and attempts of a clinic's date that ended without a booking."""
        said = (
            {
                **each,
                "weekday": _SAID_NOT if each["weekday"] is None else each["weekday"],
                "hour": _SAID_NOT if each["hour"] is None else each["hour"],
            }
            for each in refused
        )
        names = ("code", "type", "practitioner", "weekday", "hour")
        rows = sorted(said, key=lambda row: tuple(row[name] for name in names))
        _REFUSE.write(self.connection, [{"clinic": clinic, "day": day, **row} for row in rows])

    def counted(self, clinic: str, period: Period, by: By) -> Counted:
        """Return what was counted in a clinic's period, summed up by day, type or practitioner."""
        counts, refusals = report_counts.c, report_refusals.c
        is_web = (counts.origin == WEB).label("is_web")
        sums = [func.sum(counts[name]) for name in _NUMBERS]
        query = select(_key(report_counts, by), is_web, *sums).where(*_of(report_counts, clinic, period))
        rows = [
            Row(_text(key), bool(of_web), Counts(*map(int, numbers)))
            for key, of_web, *numbers in self.connection.execute(query.group_by(_key(report_counts, by), is_web))
        ]
        wanted = (refusals.code, refusals.weekday, refusals.hour)
        asked = select(_key(report_refusals, by), *wanted, func.sum(refusals.count))
        asked = asked.where(*_of(report_refusals, clinic, period)).group_by(_key(report_refusals, by), *wanted)
        refused = [
            Refused(_text(key), code, _said(weekday), _said(hour), int(count))
            for key, code, weekday, hour, count in self.connection.execute(asked)
        ]
        return Counted(rows, refused)

    def backfill_from(self) -> str | None:
        """Return behind which reference bookings of before are still to be counted, None where all are.

        Nobody else counts them until the commit; who comes meanwhile hears None.
        """
        query = select(report_backfill.c.after).with_for_update(skip_locked=True)
        after: str | None = self.connection.execute(query).scalar_one_or_none()
        return after

    def bookings_behind(self, reference: str, most: int) -> list[Booking]:
        """Return up to `most` bookings of all clinics behind a reference, in the order of these."""
        query = select(bookings).where(bookings.c.reference > reference).order_by(bookings.c.reference).limit(most)
        return [read_booking(row) for row in self.connection.execute(query).mappings()]

    def note_backfill(self, after: str | None) -> None:
        """Note behind which reference counting goes on; None ends it."""
        self.connection.execute(
            delete(report_backfill) if after is None else update(report_backfill).values(after=after)
        )


def _place(item: tuple[Place, Counts]) -> Place:
    return item[0]


def _key(table: Table, by: By) -> ColumnElement[Any]:
    return table.c.day if by in SPANS else table.c[by]


def _of(table: Table, clinic: str, period: Period) -> tuple[ColumnElement[bool], ...]:
    return table.c.clinic == clinic, table.c.day.between(period.first, period.last)


def _text(key: Any) -> str:
    return key if isinstance(key, str) else key.isoformat()


def _said(number: int) -> int | None:
    return None if number == _SAID_NOT else number

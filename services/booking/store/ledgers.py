"""Queries about what only grows: history, repeated requests, the watch list."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select, update

from services.booking.model.history import Entry, Head
from services.booking.store.tables import bookings, history, idempotency, watch_list
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.database import UtcDateTime, insert_by
from shared.storage.lists import PreparedChanges, PreparedRows
from shared.storage.prepared import Prepared

_ADDED = PreparedRows(history)
_THIS_KEY = and_(idempotency.c.clinic == bindparam("of_clinic"), idempotency.c.key == bindparam("of_key"))
_FIRST_ANSWER = Prepared(
    select(idempotency.c.body_hash, idempotency.c.answer).where(
        _THIS_KEY, idempotency.c.created_at > bindparam("since")
    )
)
_KEEP_ANSWER = Prepared(update(idempotency).where(_THIS_KEY).values(answer=bindparam("answer")))
_HEADS = PreparedChanges(bookings, "reference", ("history_length", "history_head"))


def _once_for_each_absence(row: Any) -> Any:
    anew = {"at": row.excluded.at, "done_at": None, "done_by": None, "absence": row.excluded.absence}
    of_another = func.coalesce(watch_list.c.absence, "") != row.excluded.absence
    return row.on_conflict_do_update(index_elements=["booking"], set_=anew, where=of_another)


_WATCHED = PreparedRows(watch_list, ("id", "clinic", "booking", "at", "absence"), _once_for_each_absence)


class Ledgers(ServiceStore):
    """History, idempotency keys and the watch list."""

    def add_history(self, *entries: Entry) -> None:
        """Append entries; their bookings' rows must be saved with the last ones as heads."""
        _ADDED.write(self.connection, [vars(entry) for entry in entries])

    def set_history_heads(self, heads: Iterable[Head]) -> None:
        """Note the last entries of bookings on their rows, where nothing else of them changes; the last one stands."""
        last = {head.booking: head for head in heads}
        _HEADS.write(
            self.connection,
            [
                {"reference": head.booking, "history_length": head.length, "history_head": head.hash}
                for head in last.values()
            ],
        )

    def first_answer(self, clinic: str, key: str, since: datetime) -> tuple[str, Any] | None:
        """Return (hash of the body, answer) of a request that was answered under `key` since a moment, or None."""
        row = _FIRST_ANSWER.row(self.connection, of_clinic=clinic, of_key=key, since=since)
        return None if row is None else (row[0], row[1])

    def begin_answer(self, clinic: str, key: str, body_hash: str, now: datetime, since: datetime) -> bool:
        """Reserve `key` in this transaction; False where it was answered since `since`.

        Where another transaction has reserved it, this waits for that one's end (PRODUCT B13).
        """
        row = {"clinic": clinic, "key": key, "body_hash": body_hash, "created_at": now}
        return _reserved(self.connection.dialect.name).count(self.connection, **row, since=since) == 1

    def keep_answer(self, clinic: str, key: str, answer: dict[str, Any]) -> None:
        """Keep the answer to give again under `key`."""
        _KEEP_ANSWER.write(self.connection, of_clinic=clinic, of_key=key, answer=answer)

    def forget_answers(self, before: datetime) -> None:
        """Delete keys that are older than a moment."""
        self.connection.execute(delete(idempotency).where(idempotency.c.created_at < before))

    def watch(self, id: str, clinic: str, booking: str, at: datetime) -> None:
        """Put a booking that was cancelled on the watch list, where it does not stand on it as such (PRODUCT M5)."""
        row = self.insert_into(watch_list).values(id=id, clinic=clinic, booking=booking, at=at)
        anew = {"at": at, "done_at": None, "done_by": None, "absence": None}
        was_of_absence = watch_list.c.absence.is_not(None)
        self.connection.execute(row.on_conflict_do_update(index_elements=["booking"], set_=anew, where=was_of_absence))

    def watch_for_absence(self, clinic: str, ids: Mapping[str, str], absence: str, at: datetime) -> None:
        """Put bookings that stand in the way of an absence on the watch list, once for each absence (PRODUCT C12).

        `ids` are those of the new entries, by the bookings' references.
        """
        of_all = {"clinic": clinic, "at": at, "absence": absence}
        rows = [{"id": id, "booking": booking, **of_all} for booking, id in sorted(ids.items())]
        _WATCHED.write(self.connection, rows)

    def open_watched(self, clinic: str, practitioner: str | None, most: int) -> int:
        """Return how many entries of the watch list are open, counted up to `most`; a practitioner's own."""
        query = select(watch_list.c.id).where(watch_list.c.clinic == clinic, watch_list.c.done_at.is_(None))
        if practitioner is not None:
            query = query.join(bookings, bookings.c.reference == watch_list.c.booking)
            query = query.where(bookings.c.practitioner == practitioner)
        counted = select(func.count()).select_from(query.limit(most).subquery())
        return int(self.connection.execute(counted).scalar_one())

    def settle(self, booking: str, by: str | None, now: datetime) -> None:
        """Tick off what stood on the watch list because a booking was in the way of an absence."""
        this = (watch_list.c.booking == booking, watch_list.c.absence.is_not(None), watch_list.c.done_at.is_(None))
        self.connection.execute(update(watch_list).where(*this).values(done_at=now, done_by=by))

    def reopen(self, booking: str) -> None:
        """Put back on the watch list what stands in the way of an absence again, since its move was undone."""
        this = (watch_list.c.booking == booking, watch_list.c.absence.is_not(None))
        self.connection.execute(update(watch_list).where(*this).values(done_at=None, done_by=None))

    def watched(self, clinic: str, id: str) -> str | None:
        """Return the reference that an entry of the watch list is about, or None."""
        row = self.connection.execute(
            select(watch_list.c.booking).where(watch_list.c.id == id, watch_list.c.clinic == clinic)
        ).one_or_none()
        return None if row is None else str(row[0])

    def tick_off(self, id: str, by: str | None, now: datetime) -> None:
        """Tick an entry of the watch list off, once."""
        self.connection.execute(
            update(watch_list)
            .where(watch_list.c.id == id, watch_list.c.done_at.is_(None))
            .values(done_at=now, done_by=by)
        )

    def untick(self, id: str) -> None:
        """Let an entry of the watch list be open again."""
        self.connection.execute(update(watch_list).where(watch_list.c.id == id).values(done_at=None, done_by=None))


@cache
def _reserved(dialect: str) -> Prepared:
    """Return the statement that reserves a key, or one whose answer was given before `since` anew."""
    names = ("clinic", "key", "body_hash", "created_at")
    row = insert_by(dialect, idempotency).values({name: bindparam(name) for name in names})
    anew = {"body_hash": row.excluded.body_hash, "created_at": row.excluded.created_at, "answer": None}
    old = idempotency.c.created_at <= bindparam("since", type_=UtcDateTime)
    return Prepared(row.on_conflict_do_update(index_elements=["clinic", "key"], set_=anew, where=old))

"""Queries about checkpoints: which histories have grown, what covers them, and what there is of both (A1, ADR 52)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import and_, bindparam, func, insert, select, text

from services.booking.model.checkpoints import Checkpoint
from services.booking.model.history import Entry, Head, History
from services.booking.store.tables import bookings, checkpoint_heads, checkpoints, history
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.database import is_alone
from shared.storage.lists import PreparedChanges, PreparedRows
from shared.storage.prepared import Prepared

_HAS_GROWN = text("history_length <> checkpointed")
_GROWN = Prepared(
    select(bookings.c.clinic, bookings.c.reference, bookings.c.history_length, bookings.c.history_head)
    .where(_HAS_GROWN)
    .order_by(bookings.c.clinic, bookings.c.reference)
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True)
)
_LAST = Prepared(
    select(checkpoints)
    .where(checkpoints.c.clinic == bindparam("of_clinic"))
    .order_by(checkpoints.c.number.desc())
    .limit(1)
)
_ADD = Prepared(insert(checkpoints))
_ADD_HEADS = PreparedRows(checkpoint_heads)
_COVERED = PreparedChanges(bookings, "reference", ("checkpointed",))


class CheckpointRows(ServiceStore):
    """The checkpoints of all clinics."""

    def is_first_to_checkpoint(self) -> bool:
        """Tell whether no other transaction is about to write checkpoints; then none will before the commit."""
        return is_alone(self.connection, b"chkpoint")

    def grown_histories(self, most: int) -> Mapping[str, list[Head]]:
        """Return by clinic where the histories end, up to `most`, that no checkpoint covers to their end.

        Bookings that others are changing are left for the next time.
        """
        found: defaultdict[str, list[Head]] = defaultdict(list)
        for clinic, *head in _GROWN.rows(self.connection, most=most):
            found[clinic].append(Head(*head))
        return found

    def last_checkpoint(self, clinic: str) -> Checkpoint | None:
        """Return a clinic's newest checkpoint, or None."""
        row = _LAST.row(self.connection, of_clinic=clinic)
        return None if row is None else Checkpoint(*row)

    def add_checkpoint(self, checkpoint: Checkpoint, heads: Sequence[Head]) -> None:
        """Write a checkpoint, and note on their rows that it covers these histories."""
        _ADD.write(self.connection, **vars(checkpoint))
        of_it = {"clinic": checkpoint.clinic, "number": checkpoint.number}
        _ADD_HEADS.write(self.connection, [{**of_it, **vars(head)} for head in heads])
        _COVERED.write(self.connection, [{"reference": head.booking, "checkpointed": head.length} for head in heads])

    def checkpoints(self, clinic: str, after: int, most: int) -> list[Checkpoint]:
        """Return up to `most` checkpoints of a clinic behind a number, in their order."""
        query = select(checkpoints).where(checkpoints.c.clinic == clinic, checkpoints.c.number > after)
        rows = self.connection.execute(query.order_by(checkpoints.c.number).limit(most))
        return [Checkpoint(*row) for row in rows]

    def checkpoint_hashes(self, clinic: str, numbers: Collection[int]) -> Mapping[int, str]:
        """Return the hashes of checkpoints by their numbers, of those that there are."""
        query = select(checkpoints.c.number, checkpoints.c.hash).where(
            checkpoints.c.clinic == clinic, checkpoints.c.number.in_(sorted(numbers))
        )
        return {row[0]: row[1] for row in self.connection.execute(query)}

    def heads_of(self, clinic: str, first: int, last: int) -> Mapping[int, list[Head]]:
        """Return by number what the checkpoints from `first` to `last` cover."""
        columns = (checkpoint_heads.c.number, checkpoint_heads.c.booking)
        query = select(*columns, checkpoint_heads.c.length, checkpoint_heads.c.hash).where(
            checkpoint_heads.c.clinic == clinic, checkpoint_heads.c.number.between(first, last)
        )
        found: defaultdict[int, list[Head]] = defaultdict(list)
        for number, *head in self.connection.execute(query):
            found[number].append(Head(*head))
        return found

    def entries_at(self, clinic: str, heads: Iterable[Head]) -> Mapping[str, Mapping[int, str]]:
        """Return the hashes of entries by booking and position, at least of those that `heads` name.

        Of a booking that is there without any of them it is {}.
        """
        wanted = {head.booking for head in heads}
        lengths = {head.length for head in heads}
        named = and_(history.c.booking == bookings.c.reference, history.c.position.in_(sorted(lengths)))
        query = (
            select(bookings.c.reference, history.c.position, history.c.hash)
            .select_from(bookings.outerjoin(history, named))
            .where(bookings.c.clinic == clinic, bookings.c.reference.in_(sorted(wanted)))
        )
        found: dict[str, dict[int, str]] = {}
        for reference, position, hash in self.connection.execute(query):
            entries = found.setdefault(reference, {})
            if position is not None:
                entries[position] = hash
        return found

    def histories(self, clinic: str, after: str, most: int) -> list[History]:
        """Return the histories of up to `most` bookings of a clinic behind a reference, by reference.

        One query, so that what is added meanwhile is seen on both sides or on neither.
        """
        covered = (
            select(func.max(checkpoint_heads.c.length))
            .where(checkpoint_heads.c.booking == bookings.c.reference)
            .scalar_subquery()
        )
        page = (
            select(bookings.c.reference, bookings.c.history_length, bookings.c.history_head)
            .add_columns(bookings.c.checkpointed, func.coalesce(covered, 0).label("covered"))
            .where(bookings.c.clinic == clinic, bookings.c.reference > after)
            .order_by(bookings.c.reference)
            .limit(most)
            .subquery()
        )
        query = select(page, *history.c).select_from(page.outerjoin(history, history.c.booking == page.c.reference))
        found: dict[str, History] = {}
        for row in self.connection.execute(query.order_by(page.c.reference, history.c.position)):
            booking, entry = row[:5], row[5:]
            one = found.setdefault(booking[0], History(Head(*booking[:3]), booking[3], booking[4], []))
            if entry[0] is not None:
                one.entries.append(Entry(**dict(zip(history.c.keys(), entry, strict=True))))
        return list(found.values())

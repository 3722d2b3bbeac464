"""Queries about the history of the clinics' set-ups, and of their pictures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal, select, tuple_

from services.availability.model.history import Entry
from services.availability.store.tables import former_pictures, pictures, set_up_history
from shared.bus.events.unit_of_work import ServiceStore
from shared.contracts.pictures import Picture

_ENTRY = tuple(set_up_history.c[name] for name in ("revision", "kind", "at", "actor", "changes"))
_PICTURE = ("clinic", "name", "hash", "width", "height", "body")


class HistoryRows(ServiceStore):
    """What became of each revision of a clinic."""

    def record(self, clinic: str, entries: Sequence[tuple[Entry, dict[str, Any] | None]]) -> None:
        """Write entries, each with the state from then on, None where it is the one before; one statement.

        One that is there stays: who waited for another to change the clinic cannot see the other's entry yet.
        """
        rows = [{"clinic": clinic, **vars(entry), "state": state} for entry, state in entries]
        self.connection.execute(self.insert_into(set_up_history).values(rows).on_conflict_do_nothing())

    def history(self, clinic: str, limit: int, before: int | None = None, since: int = 0) -> list[Entry]:
        """Return up to `limit` entries, the newest first: those `before` a revision, and after `since`."""
        query = select(*_ENTRY).where(set_up_history.c.clinic == clinic, set_up_history.c.revision > since)
        if before is not None:
            query = query.where(set_up_history.c.revision < before)
        rows = self.connection.execute(query.order_by(set_up_history.c.revision.desc()).limit(limit))
        return [Entry(*row) for row in rows]

    def first_in_history(self, clinic: str) -> int | None:
        """Return the revision with which a clinic's history begins, None where it has none yet."""
        query = select(set_up_history.c.revision).where(set_up_history.c.clinic == clinic)
        return self.connection.scalars(query.order_by(set_up_history.c.revision).limit(1)).one_or_none()

    def state(self, clinic: str, revision: int) -> dict[str, Any] | None:
        """Return the newest state up to a revision that has an entry."""
        query = select(set_up_history.c.state).where(
            set_up_history.c.clinic == clinic,
            set_up_history.c.revision <= revision,
            set_up_history.c.state.is_not(None),
        )
        newest = query.order_by(set_up_history.c.revision.desc()).limit(1)
        state: dict[str, Any] | None = self.connection.scalars(newest).one_or_none()
        return state

    def keep_former_picture(self, clinic: str, name: str, now: datetime, most: int) -> None:
        """Keep the picture of a name that is replaced or removed `now`, and of the former ones the `most` latest.

        The clinic must be held for change.
        """
        moment = literal(now, former_pictures.c.former_at.type)
        present = select(*(pictures.c[each] for each in _PICTURE), moment).where(
            pictures.c.clinic == clinic, pictures.c.name == name
        )
        row = self.insert_into(former_pictures).from_select((*_PICTURE, "former_at"), present)
        again = row.on_conflict_do_update(index_elements=["clinic", "name", "hash"], set_={"former_at": now})
        self.connection.execute(again)
        table = former_pictures.c
        which = tuple_(table.name, table.hash)
        latest_first = select(table.name, table.hash).where(table.clinic == clinic).order_by(table.former_at.desc())
        beyond = latest_first.order_by(table.name, table.hash).offset(most)
        self.connection.execute(delete(former_pictures).where(table.clinic == clinic, which.in_(beyond)))

    def forget_former_pictures(self, until: datetime) -> None:
        """Forget pictures that were replaced or removed for the last time up to a moment."""
        self.connection.execute(delete(former_pictures).where(former_pictures.c.former_at <= until))

    def former_picture(self, clinic: str, name: str, hash: str) -> tuple[Picture, bytes] | None:
        """Return a picture that had a name once, and what it holds, or None."""
        table = former_pictures.c
        query = select(table.name, table.hash, table.width, table.height, table.body).where(
            table.clinic == clinic, table.name == name, table.hash == hash
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else (Picture(*row[:-1]), bytes(row[-1]))

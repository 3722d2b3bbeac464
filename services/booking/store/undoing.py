"""Queries about what staff may still undo (PRODUCT C10)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, null, select, update

from services.booking.store.tables import bookings
from shared.bus.events.unit_of_work import ServiceStore

_UNTIL = bookings.c.undo_until


class UndoRows(ServiceStore):
    """By what the newest changes of bookings are taken back."""

    def holds_of_undo(self, clinic: str, by: Mapping[str, str | None], now: datetime) -> dict[str, str]:
        """Return the holds that keep time for what somebody may still undo, each with its booking."""
        may = select(bookings.c.reference, bookings.c.undo).where(bookings.c.clinic == clinic)
        rows = self.connection.execute(may.where(_UNTIL.is_not(None), now < _UNTIL))
        return {undo["hold"]: reference for reference, undo in rows if undo["by"] == by}

    def give_up_undo(self, references: Collection[str]) -> None:
        """Forget by what the newest changes of these bookings are taken back, since their time was given away.

        A booking that somebody is changing stays as it is: they wait for the time, and find that it is gone.
        """
        self._forget(select(bookings.c.reference).where(bookings.c.reference.in_(sorted(references))))

    def forget_undo(self, now: datetime, limit: int) -> None:
        """Forget of up to `limit` bookings by what their change is taken back, where that is over by now."""
        self._forget(select(bookings.c.reference).where(_UNTIL.is_not(None), now >= _UNTIL).limit(limit))

    def _forget(self, wanted: Select[Any]) -> None:
        found = self.connection.scalars(wanted.with_for_update(skip_locked=True, key_share=True)).all()
        if found:
            these = update(bookings).where(bookings.c.reference.in_(found))
            self.connection.execute(these.values(undo=null(), undo_until=None))

"""Queries about anchors: what was told of checkpoints over booking's histories."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services.patient.model.anchors import Anchor
from services.patient.store.tables import anchors
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.lists import PreparedRows


def _newest_of_the_day(row: Any) -> Any:
    anew = {name: row.excluded[name] for name in ("number", "hash", "at")}
    return row.on_conflict_do_update(
        index_elements=["clinic", "day"], set_=anew, where=anchors.c.number < row.excluded.number
    )


_KEEP = PreparedRows(anchors, completed=_newest_of_the_day)


class AnchorRows(ServiceStore):
    """The anchors of all clinics."""

    def keep_anchors(self, told: Iterable[Anchor]) -> None:
        """Keep of each clinic and day the newest; what is no newer than what is kept changes nothing."""
        newest: dict[Any, Anchor] = {}
        for anchor in sorted(told, key=lambda each: each.number):
            newest[anchor.clinic, anchor.day] = anchor
        _KEEP.write(self.connection, [vars(newest[key]) for key in sorted(newest)])

    def anchors(self, clinic: str) -> list[Anchor]:
        """Return what is kept of a clinic, the oldest first."""
        rows = self.connection.execute(select(anchors).where(anchors.c.clinic == clinic).order_by(anchors.c.day))
        return [Anchor(**row._mapping) for row in rows]

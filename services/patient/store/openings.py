"""Queries about who has opened which record."""

from sqlalchemy import insert, select

from services.patient.model.openings import Opening, Sought
from services.patient.store.tables import openings
from shared.bus.events.unit_of_work import ServiceStore


class OpeningRows(ServiceStore):
    """The openings of all records."""

    def note_opening(self, opening: Opening) -> None:
        """Write that somebody opens a record."""
        row = {name: value for name, value in vars(opening).items() if name != "position"}
        self.connection.execute(insert(openings), row)

    def openings(self, clinic: str, sought: Sought, before: int | None, limit: int) -> list[Opening]:
        """Return up to `limit` openings at a clinic that are `sought`, before a position, the latest first."""
        query = select(openings).where(openings.c.clinic == clinic)
        if sought.patient is not None:
            query = query.where(openings.c.patient == sought.patient)
        if sought.actor is not None:
            query = query.where(openings.c.actor_id == sought.actor)
        if sought.first is not None:
            query = query.where(openings.c.at >= sought.first)
        if sought.last is not None:
            query = query.where(openings.c.at < sought.last)
        if before is not None:
            query = query.where(openings.c.position < before)
        rows = self.connection.execute(query.order_by(openings.c.position.desc()).limit(limit))
        return [Opening(**row._mapping) for row in rows]

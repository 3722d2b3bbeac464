"""Queries about who has opened which record."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from services.patient.model.openings import Opening
from services.patient.store.tables import openings
from shared.bus.events.unit_of_work import ServiceStore


class OpeningRows(ServiceStore):
    """The openings of all records."""

    def note_opening(self, opening: Opening) -> None:
        """Write that somebody opens a record."""
        row = {name: value for name, value in vars(opening).items() if name != "position"}
        self.connection.execute(insert(openings), row)

    def openings(self, clinic: str, patient: str | None, before: int | None, limit: int) -> list[Opening]:
        """Return up to `limit` openings at a clinic, or of one patient, before a position, the latest first."""
        query = select(openings).where(openings.c.clinic == clinic)
        if patient is not None:
            query = query.where(openings.c.patient == patient)
        if before is not None:
            query = query.where(openings.c.position < before)
        rows = self.connection.execute(query.order_by(openings.c.position.desc()).limit(limit))
        return [Opening(**row._mapping) for row in rows]

    def forget_openings(self, before: datetime) -> None:
        """Drop what is older."""
        self.connection.execute(delete(openings).where(openings.c.at < before))

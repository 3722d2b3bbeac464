"""Queries about what of a former system's files has become which record or need."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from services.patient.model.moving_in import Imported
from services.patient.model.openings import Opening
from services.patient.store.tables import imported, openings
from shared.bus.events.unit_of_work import ServiceStore
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared

_KNOWN = Prepared(
    select(imported.c.key, imported.c.subject, imported.c.told).where(
        imported.c.clinic == bindparam("of_clinic"), among(imported.c.key, "keys")
    )
)


def _over_what_it_was(row: Any) -> Any:
    again = {name: row.excluded[name] for name in ("subject", "told", "at")}
    return row.on_conflict_do_update(index_elements=["clinic", "key"], set_=again)


_NOTED = PreparedRows(imported, completed=_over_what_it_was)
_OPENED = PreparedRows(openings, [name for name in openings.c.keys() if name != "position"])  # noqa: SIM118


class ImportedRows(ServiceStore):
    """What was taken over, of all clinics."""

    def imported(self, clinic: str, keys: Collection[str]) -> dict[str, Imported]:
        """Return what lines of a clinic's files, by these keys, have become, of those that have."""
        rows = _KNOWN.rows(self.connection, of_clinic=clinic, keys=sorted(keys)) if keys else []
        return {row[0]: Imported(*row) for row in rows}

    def note_imported(self, clinic: str, lines: Iterable[Imported], now: datetime) -> None:
        """Note what lines of a clinic's files have become."""
        rows = [
            {"clinic": clinic, "key": each.key, "subject": each.subject, "told": dict(each.told), "at": now}
            for each in lines
        ]
        _NOTED.write(self.connection, rows)

    def imported_at(self, clinic: str, subject: str) -> datetime | None:
        """Return when a line of a clinic's files last told of a record or need; None where none has."""
        told = select(func.max(imported.c.at)).where(imported.c.clinic == clinic, imported.c.subject == subject)
        at: datetime | None = self.connection.execute(told).scalar_one()
        return at

    def note_openings(self, made: Iterable[Opening]) -> None:
        """Write that somebody opens records."""
        _OPENED.write(
            self.connection,
            [{name: value for name, value in vars(each).items() if name != "position"} for each in made],
        )

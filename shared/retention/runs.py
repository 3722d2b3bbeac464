"""When what is old was last deleted of each kind and clinic, how much, and how far a day's run is (ADR 58)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Boolean, Column, Connection, Date, Integer, MetaData, String, Table, select

from shared.storage.database import UtcDateTime, insert_into, is_alone


def runs_table(metadata: MetaData) -> Table:
    """Return the table of runs: one row for each clinic and kind, the last."""
    return Table(
        "retention_runs",
        metadata,
        Column("clinic", String(64), primary_key=True),
        Column("kind", String(16), primary_key=True),
        Column("day", Date, nullable=False),
        Column("at", UtcDateTime, nullable=False),
        Column("deleted", Integer, nullable=False),
        Column("is_done", Boolean, nullable=False),
        Column("behind", String(64)),
    )


@dataclass(frozen=True)
class Run:
    """A day's run: what it has deleted so far, and `behind` which place it goes on where rows stay that it looks at.

    `day` is the clinic's date on which it began.
    """

    clinic: str
    kind: str
    day: date
    at: datetime
    deleted: int = 0
    is_done: bool = False
    behind: str | None = None


class RetentionRows:
    """The runs of all clinics, for a service's store. Subclasses name their table."""

    connection: Connection
    runs: Table

    def is_alone_to_delete(self) -> bool:
        """Tell whether no other transaction deletes what is old; then none will before the commit."""
        return is_alone(self.connection, b"retained")

    def run(self, clinic: str, kind: str) -> Run | None:
        """Return the last run of a kind."""
        query = select(self.runs).where(self.runs.c.clinic == clinic, self.runs.c.kind == kind)
        row = self.connection.execute(query).mappings().one_or_none()
        return None if row is None else Run(**row)

    def note_run(self, run: Run) -> None:
        """Write how far a run is, in the transaction that deletes."""
        row = insert_into(self.connection, self.runs).values(vars(run))
        news = {name: value for name, value in vars(run).items() if name not in ("clinic", "kind")}
        self.connection.execute(row.on_conflict_do_update(index_elements=["clinic", "kind"], set_=news))

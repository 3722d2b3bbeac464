"""Patient's tables and queries."""

from dataclasses import asdict, fields

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)

from services.patient.model import Patient, Sought, Typed, person_key
from shared.bus.inbox import inbox_table
from shared.bus.outbox import outbox_table
from shared.bus.unit_of_work import ServiceStore
from shared.database import UtcDateTime, new_metadata

metadata = new_metadata()
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)

patients = Table(
    "patients",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("clinic", String(64), nullable=False),
    Column("scheme", String(32)),
    Column("number_hash", String(64)),
    Column("number_sealed", Text),
    Column("birth_date", Date),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("name_key", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("mobile", String(16)),
    Column("email", String(254)),
    Column("sms_ok", Boolean),
    Column("email_ok", Boolean),
    Column("sms_reminder", Boolean, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("clinic", "scheme", "number_hash", name="uq_patients_number"),
    Index("ix_patients_name_key", "clinic", "name_key"),
    Index("ix_patients_sort_key", "clinic", "sort_key", "id"),
)

_KEPT = [field.name for field in fields(Patient)]


class PatientStore(ServiceStore):
    """Patients of all clinics; every query names the clinic."""

    outbox = outbox
    inbox = inbox

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._locks = connection.dialect.name == "postgresql"

    def one_at_a_time(self, person: str) -> None:
        """Wait until no other transaction makes or finds the same `person` (any text that identifies them).

        On SQLite writers already wait for each other.
        """
        if self._locks:
            self.connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(person, 0))))

    def add(self, patient: Patient) -> None:
        """Write a new record."""
        self.connection.execute(insert(patients).values(_row(patient)))

    def replace(self, patient: Patient) -> None:
        """Write a changed record over the one before."""
        self.connection.execute(update(patients).where(patients.c.id == patient.id).values(_row(patient)))

    def get(self, clinic: str, id: str, *, to_change: bool = False) -> Patient | None:
        """Return the record, None where the clinic has no such patient; `to_change` locks it until the commit."""
        return self._first([patients.c.clinic == clinic, patients.c.id == id], to_change)

    def by_number(self, clinic: str, scheme: str, number_hash: str, *, to_change: bool = False) -> Patient | None:
        """Return the record with this number."""
        number = [patients.c.scheme == scheme, patients.c.number_hash == number_hash]
        return self._first([patients.c.clinic == clinic, *number], to_change)

    def same_person(self, clinic: str, typed: Typed, *, to_change: bool = False) -> Patient | None:
        """Return the oldest record that is the same person by the rule for people without a number."""
        namesakes = [patients.c.clinic == clinic, patients.c.name_key == typed.name_key]
        return next(filter(typed.is_same_person, self._all(namesakes, to_change)), None)

    def find(self, clinic: str, sought: Sought, after: Patient | None, limit: int) -> list[Patient]:
        """Return up to `limit` patients that `sought` means, by name, those behind `after`."""
        where = [patients.c.clinic == clinic, _means(sought)]
        if after is not None:
            here = tuple_(literal(sort_key(after)), literal(after.id))
            where.append(tuple_(patients.c.sort_key, patients.c.id) > here)
        query = select(patients).where(*where).order_by(patients.c.sort_key, patients.c.id).limit(limit)
        return [_patient(row) for row in self.connection.execute(query)]

    def _first(self, where: list[ColumnElement[bool]], to_change: bool) -> Patient | None:
        return next(iter(self._all(where, to_change)), None)

    def _all(self, where: list[ColumnElement[bool]], to_change: bool) -> list[Patient]:
        query = select(patients).where(*where).order_by(patients.c.created_at, patients.c.id)
        rows = self.connection.execute(query.with_for_update() if to_change else query)
        return [_patient(row) for row in rows]


def sort_key(patient: Patient) -> str:
    """Return what lists are ordered by: the last name, then the first."""
    return person_key(patient.last_name, patient.first_name)


def _means(sought: Sought) -> ColumnElement[bool]:
    everywhere = (patients.c.name_key, func.lower(patients.c.email), patients.c.mobile)
    words = and_(
        true(), *(or_(*(column.contains(word, autoescape=True) for column in everywhere)) for word in sought.words)
    )
    numbers = [
        and_(patients.c.scheme == scheme, patients.c.number_hash == number_hash)
        for scheme, number_hash in sought.numbers
    ]
    mobile = [patients.c.mobile == sought.mobile] if sought.mobile else []
    return or_(words, patients.c.id == sought.id, *mobile, *numbers)


def _row(patient: Patient) -> dict[str, object]:
    return {**asdict(patient), "name_key": patient.name_key, "sort_key": sort_key(patient)}


def _patient(row: Row[tuple[object, ...]]) -> Patient:
    return Patient(**{name: row._mapping[name] for name in _KEPT})

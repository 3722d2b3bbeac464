"""Queries about patients; every one names the clinic."""

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
    true,
    tuple_,
    update,
)

from services.patient.model.patients import Patient, Sought, Typed, person_key
from services.patient.store.tables import patients
from shared.bus.events.unit_of_work import ServiceStore

_KEPT = [field.name for field in fields(Patient)]
_ADDED = insert(patients)
_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(person, 0)) FROM unnest(CAST(:people AS text[])) AS person"
)
_OF_NUMBERS = (
    select(patients)
    .where(
        tuple_(patients.c.clinic, patients.c.scheme, patients.c.number_hash).in_(bindparam("numbers", expanding=True))
    )
    .order_by(patients.c.created_at, patients.c.id)
    .with_for_update()
)

Number = tuple[str, str, str]
"""A clinic, a scheme, and what a number of it is found by."""

_IS_CONFIRMED = and_(patients.c.mobile_confirmed, not_(patients.c.mobile_unconfirmed))


class PatientRows(ServiceStore):
    """The patients of all clinics."""

    def one_at_a_time(self, people: Collection[str]) -> None:
        """Wait until no other transaction makes or finds any of these people (texts that tell one from others).

        In their order, so that nobody waits in a circle. On SQLite writers already wait for each other.
        """
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(_ONE_AT_A_TIME, {"people": sorted(people)})

    def add(self, new: Iterable[Patient]) -> None:
        """Write new records."""
        rows = [{**_row(patient), "doubts_told": True} for patient in new]
        if rows:
            self.connection.execute(_ADDED, rows)

    def replace(self, patient: Patient) -> None:
        """Write a changed record over the one before."""
        self.connection.execute(update(patients).where(patients.c.id == patient.id).values(_row(patient)))

    def get(self, clinic: str, id: str, *, to_change: bool = False) -> Patient | None:
        """Return the record, None where the clinic has no such patient; `to_change` locks it until the commit."""
        return self._first([patients.c.clinic == clinic, patients.c.id == id], to_change)

    def named(self, clinic: str, ids: Collection[str]) -> dict[str, Patient]:
        """Return those of these patients that the clinic has, by id."""
        found = self._all([patients.c.clinic == clinic, patients.c.id.in_(ids)], False)
        return {patient.id: patient for patient in found}

    def by_number(self, clinic: str, scheme: str, number_hash: str) -> Patient | None:
        """Return the record with this number."""
        number = [patients.c.scheme == scheme, patients.c.number_hash == number_hash]
        return self._first([patients.c.clinic == clinic, *number], False)

    def of_numbers(self, numbers: Collection[Number]) -> dict[Number, Patient]:
        """Return the records with these numbers, locked until the commit."""
        rows = self.connection.execute(_OF_NUMBERS, {"numbers": sorted(numbers)}) if numbers else ()
        return {(row.clinic, row.scheme, row.number_hash): _patient(row) for row in rows}

    def of_mobile(self, clinic: str, mobile: str, number: tuple[str, str] | None) -> list[str]:
        """Return the ids of those whose record has this mobile, confirmed, and if given this number's hash."""
        theirs = select(patients.c.id).where(*_have_mobile(clinic, mobile, number))
        return list(self.connection.scalars(theirs.order_by(patients.c.id)))

    def people_of_mobile(
        self, clinic: str, mobile: str, number: tuple[str, str] | None, limit: int, id: str | None = None
    ) -> list[Patient]:
        """Return up to `limit` of the records that `of_mobile` means, the oldest first; of `id` that one alone."""
        where = _have_mobile(clinic, mobile, number) + ([] if id is None else [patients.c.id == id])
        oldest = select(patients).where(*where).order_by(patients.c.created_at, patients.c.id).limit(limit)
        return [_patient(row) for row in self.connection.execute(oldest)]

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

    def anything_untold(self) -> bool:
        """Tell whether others are still to be told of any record what of it is unconfirmed."""
        return self.connection.execute(_untold(select(patients.c.id)).limit(1)).first() is not None

    def untold(self, limit: int) -> list[Patient]:
        """Return up to `limit` such records, alone with them until the commit; those in hand elsewhere are left out."""
        held = _untold(select(patients)).limit(limit).with_for_update(skip_locked=True)
        return [_patient(row) for row in self.connection.execute(held)]

    def note_told(self, ids: Collection[str]) -> None:
        """Note that others know of these records what is unconfirmed."""
        self.connection.execute(update(patients).where(patients.c.id.in_(ids)).values(doubts_told=True))

    def _first(self, where: list[ColumnElement[bool]], to_change: bool) -> Patient | None:
        return next(iter(self._all(where, to_change)), None)

    def _all(self, where: list[ColumnElement[bool]], to_change: bool) -> list[Patient]:
        query = select(patients).where(*where).order_by(patients.c.created_at, patients.c.id)
        rows = self.connection.execute(query.with_for_update() if to_change else query)
        return [_patient(row) for row in rows]


def sort_key(patient: Patient) -> str:
    """Return what lists are ordered by: the last name, then the first."""
    return person_key(patient.last_name, patient.first_name)


def _have_mobile(clinic: str, mobile: str, number: tuple[str, str] | None) -> list[ColumnElement[bool]]:
    where = [patients.c.clinic == clinic, patients.c.mobile == mobile, _IS_CONFIRMED]
    return where if number is None else [*where, patients.c.scheme == number[0], patients.c.number_hash == number[1]]


def _untold(query: Select[Any]) -> Select[Any]:
    return query.where(patients.c.doubts_told.is_(None)).order_by(patients.c.id)


def _means(sought: Sought) -> ColumnElement[bool]:
    everywhere = (patients.c.name_key, patients.c.email, patients.c.mobile)
    words = and_(true(), *(or_(*(_has(column, word) for column in everywhere)) for word in sought.words))
    numbers = [
        and_(patients.c.scheme == scheme, patients.c.number_hash == number_hash)
        for scheme, number_hash in sought.numbers
    ]
    mobile = [patients.c.mobile == sought.mobile] if sought.mobile else []
    same = [patients.c.id == sought.id] if sought.id else []
    return or_(words, *same, *mobile, *numbers)


def _has(column: ColumnElement[str | None], word: str) -> ColumnElement[bool]:
    escaped = re.sub("[/%_]", r"/\g<0>", word)
    return column.ilike(f"%{escaped}%", escape="/")


def _row(patient: Patient) -> dict[str, object]:
    return {
        **asdict(patient),
        "name_key": patient.name_key,
        "sort_key": sort_key(patient),
        "mobile_unconfirmed": "mobile" in patient.unconfirmed,
    }


def _patient(row: Row[tuple[object, ...]]) -> Patient:
    kept = {name: row._mapping[name] for name in _KEPT}
    if row._mapping["mobile_unconfirmed"]:  # filled in meanwhile by a process of version 0.1.0
        kept["mobile_confirmed"] = False
    return Patient(**kept)

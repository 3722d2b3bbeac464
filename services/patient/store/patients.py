"""Queries about patients; every one names the clinic."""

import re
from collections.abc import Collection, Iterable
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
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
from shared.storage.database import insert_by
from shared.storage.unsent import Unanswered

_KEPT = [field.name for field in fields(Patient)]
_ONE_AT_A_TIME = Unanswered(
    text("SELECT count(pg_advisory_xact_lock(hashtextextended(person, 0))) FROM unnest(:people) AS person").bindparams(
        bindparam("people", type_=ARRAY(Text))
    )
)

Number = tuple[str, str, str]
"""A clinic, a scheme, and what a number of it is found by."""

Name = tuple[str, str]
"""A clinic, and what a name is compared by."""


def _to_change(*key: ColumnElement[Any]) -> Select[Any]:
    """Return the query of the records whose `key` is among the `wanted`, the oldest first, locked until the commit."""
    wanted = (key[0] if len(key) == 1 else tuple_(*key)).in_(bindparam("wanted", expanding=True))
    return select(patients).where(wanted).order_by(patients.c.created_at, patients.c.id).with_for_update()


_WITH_IDS = _to_change(patients.c.id)
_WITH_NUMBERS = _to_change(patients.c.clinic, patients.c.scheme, patients.c.number_hash)
_WITH_NAMES = _to_change(patients.c.clinic, patients.c.name_key)

_IS_CONFIRMED = and_(patients.c.mobile_confirmed, not_(patients.c.mobile_unconfirmed))


class PatientRows(ServiceStore):
    """The patients of all clinics."""

    def one_at_a_time(self, people: Collection[str]) -> None:
        """Wait until no other transaction makes or finds any of these people (texts that tell one from others).

        In their order, so that nobody waits in a circle, and as the next query is asked, which sees what they have
        done. On SQLite writers already wait for each other.
        """
        if self.connection.dialect.name == "postgresql":
            _ONE_AT_A_TIME.write(self.connection, people=sorted(people))

    def keep(self, records: Iterable[Patient]) -> None:
        """Write new records, and changed ones over what they were."""
        rows = [{**_row(patient), "doubts_told": True} for patient in records]
        if rows:
            self.connection.execute(_kept(self.connection.dialect.name), rows)

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

    def to_change(
        self, ids: Collection[str] = (), numbers: Collection[Number] = (), names: Collection[Name] = ()
    ) -> list[Patient]:
        """Return the records with these names, ids or numbers, in this order and oldest first, locked until the commit.

        Who is found in two ways is there twice.
        """
        wanted = ((_WITH_NAMES, names), (_WITH_IDS, ids), (_WITH_NUMBERS, numbers))
        found = (self.connection.execute(query, {"wanted": sorted(keys)}) for query, keys in wanted if keys)
        return [_patient(row) for rows in found for row in rows]

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

    def same_person(self, clinic: str, typed: Typed) -> Patient | None:
        """Return the oldest record that is the same person by the rule for people without a number."""
        namesakes = [patients.c.clinic == clinic, patients.c.name_key == typed.name_key]
        return next(filter(typed.is_same_person, self._all(namesakes, False)), None)

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


@cache
def _kept(dialect: str) -> Any:
    """Return the statement that writes records; whether others know what is unconfirmed stays with those there were."""
    row = insert_by(dialect, patients)
    again = {name: row.excluded[name] for name in patients.c.keys() if name not in {"id", "doubts_told"}}  # noqa: SIM118
    kept = row.on_conflict_do_update(index_elements=["id"], set_=again)
    return kept.returning(patients.c.id)  # or SQLAlchemy would write row by row


def _row(patient: Patient) -> dict[str, object]:
    return {
        **vars(patient),
        "name_key": patient.name_key,
        "sort_key": sort_key(patient),
        "mobile_unconfirmed": "mobile" in patient.unconfirmed,
    }


def _patient(row: Row[tuple[object, ...]]) -> Patient:
    kept = {name: row._mapping[name] for name in _KEPT}
    if row._mapping["mobile_unconfirmed"]:  # filled in meanwhile by a process of version 0.1.0
        kept["mobile_confirmed"] = False
    return Patient(**kept)

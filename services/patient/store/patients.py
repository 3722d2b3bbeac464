"""Queries about patients; every one names the clinic."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
    update,
)

from services.patient.model.consent import Word
from services.patient.model.patients import Patient, Sought, Typed, person_key
from services.patient.store.tables import patients
from shared.bus.events.unit_of_work import ServiceStore
from shared.contracts.people import CONSENTS
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared, Row

_SAID = {f"{name}_said": name for name in CONSENTS.values()}
"""Columns that tell whose word a consent is, by which."""
_KEPT = [field.name for field in fields(Patient) if field.name not in _SAID]

Number = tuple[str, str]
"""A scheme, and what a number of it is found by, which is of one clinic alone."""


class _People:
    """The query of such records of a clinic, the oldest first: as they are, or locked until the commit."""

    def __init__(self, *which: ColumnElement[bool]) -> None:
        of_clinic = select(patients).where(patients.c.clinic == bindparam("of_clinic"), *which)
        oldest = of_clinic.order_by(patients.c.created_at, patients.c.id)
        self._ways = {False: Prepared(oldest), True: Prepared(oldest.with_for_update())}

    def rows(self, connection: Connection, *, to_change: bool, **values: Any) -> list[Row]:
        """Return them."""
        return self._ways[to_change].rows(connection, **values)


_WITH_IDS = _People(among(patients.c.id, "ids"))
_WITH_NAMES = _People(among(patients.c.name_key, "names"))
_WITH_NUMBERS = _People(among(patients.c.scheme, "schemes"), among(patients.c.number_hash, "numbers"))


def _over_what_it_was(row: Any) -> Any:
    """Let whether others know what is unconfirmed stay with the records that there were."""
    again = {name: row.excluded[name] for name in patients.c.keys() if name not in {"id", "doubts_told"}}  # noqa: SIM118
    return row.on_conflict_do_update(index_elements=["id"], set_=again)


_WRITTEN = PreparedRows(patients, completed=_over_what_it_was)
_IS_CONFIRMED = and_(patients.c.mobile_confirmed, not_(patients.c.mobile_unconfirmed))


class PatientRows(ServiceStore):
    """The patients of all clinics."""

    def keep(self, records: Iterable[Patient]) -> None:
        """Write new records, and changed ones over what they were."""
        _WRITTEN.write(self.connection, [{**_row(patient), "doubts_told": True} for patient in records])

    def get(self, clinic: str, id: str, *, to_change: bool = False) -> Patient | None:
        """Return the record, None where the clinic has no such patient; `to_change` locks it until the commit."""
        return self._first([patients.c.clinic == clinic, patients.c.id == id], to_change)

    def named(self, clinic: str, ids: Collection[str]) -> dict[str, Patient]:
        """Return those of these patients that the clinic has, by id."""
        found = self._all([patients.c.clinic == clinic, patients.c.id.in_(ids)], False)
        return {patient.id: patient for patient in found}

    def by_number(self, clinic: str, scheme: str, *hashes: str) -> Patient | None:
        """Return the record with this number, which any of these hashes finds."""
        number = [patients.c.scheme == scheme, patients.c.number_hash.in_(hashes)]
        return self._first([patients.c.clinic == clinic, *number], False)

    def people(
        self,
        clinic: str,
        *,
        names: Collection[str] = (),
        ids: Collection[str] = (),
        numbers: Collection[Number] = (),
        to_change: bool,
    ) -> list[Patient]:
        """Return a clinic's records with these names, ids or numbers, in this order and oldest first.

        Those `to_change` are locked until the commit. Who is found in two ways is there twice.
        """
        found: list[Row] = []
        said: dict[str, Any] = {"of_clinic": clinic, "to_change": to_change}
        if names:
            found += _WITH_NAMES.rows(self.connection, names=sorted(names), **said)
        if ids:
            found += _WITH_IDS.rows(self.connection, ids=sorted(ids), **said)
        if numbers:
            schemes, hashes = zip(*sorted(numbers), strict=True)
            found += _WITH_NUMBERS.rows(self.connection, schemes=[*schemes], numbers=[*hashes], **said)
        return [_patient(dict(zip(patients.c.keys(), row, strict=True))) for row in found]

    def of_mobile(self, clinic: str, mobile: str, number: tuple[str, ...] | None) -> list[str]:
        """Return the ids of those whose record has this mobile, confirmed, and if given this number: scheme, hashes."""
        theirs = select(patients.c.id).where(*_have_mobile(clinic, mobile, number))
        return list(self.connection.scalars(theirs.order_by(patients.c.id)))

    def people_of_mobile(
        self, clinic: str, mobile: str, number: tuple[str, ...] | None, limit: int, id: str | None = None
    ) -> list[Patient]:
        """Return up to `limit` of the records that `of_mobile` means, the oldest first; of `id` that one alone."""
        where = _have_mobile(clinic, mobile, number) + ([] if id is None else [patients.c.id == id])
        oldest = select(patients).where(*where).order_by(patients.c.created_at, patients.c.id).limit(limit)
        return [_patient(row) for row in self.connection.execute(oldest).mappings()]

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
        return [_patient(row) for row in self.connection.execute(query).mappings()]

    def anything_untold(self) -> bool:
        """Tell whether others are still to be told of any record what of it is unconfirmed."""
        return self.connection.execute(_untold(select(patients.c.id)).limit(1)).first() is not None

    def untold(self, limit: int) -> list[Patient]:
        """Return up to `limit` such records, alone with them until the commit; those in hand elsewhere are left out."""
        held = _untold(select(patients)).limit(limit).with_for_update(skip_locked=True)
        return [_patient(row) for row in self.connection.execute(held).mappings()]

    def note_told(self, ids: Collection[str]) -> None:
        """Note that others know of these records what is unconfirmed."""
        self.connection.execute(update(patients).where(patients.c.id.in_(ids)).values(doubts_told=True))

    def _first(self, where: list[ColumnElement[bool]], to_change: bool) -> Patient | None:
        return next(iter(self._all(where, to_change)), None)

    def _all(self, where: list[ColumnElement[bool]], to_change: bool) -> list[Patient]:
        query = select(patients).where(*where).order_by(patients.c.created_at, patients.c.id)
        rows = self.connection.execute(query.with_for_update() if to_change else query)
        return [_patient(row) for row in rows.mappings()]


def sort_key(patient: Patient) -> str:
    """Return what lists are ordered by: the last name, then the first."""
    return person_key(patient.last_name, patient.first_name)


def _have_mobile(clinic: str, mobile: str, number: tuple[str, ...] | None) -> list[ColumnElement[bool]]:
    where = [patients.c.clinic == clinic, patients.c.mobile == mobile, _IS_CONFIRMED]
    if number is None:
        return where
    scheme, *hashes = number
    return [*where, patients.c.scheme == scheme, patients.c.number_hash.in_(hashes)]


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
    part = [_has(patients.c.mobile, sought.digits)] if sought.digits else []
    return or_(words, *same, *mobile, *part, *numbers)


def _has(column: ColumnElement[str | None], word: str) -> ColumnElement[bool]:
    escaped = re.sub("[/%_]", r"/\g<0>", word)
    return column.ilike(f"%{escaped}%", escape="/")


def _row(patient: Patient) -> dict[str, object]:
    return {
        **vars(patient),
        **{said: _word_row(patient, said) for said in _SAID},
        "name_key": patient.name_key,
        "sort_key": sort_key(patient),
        "mobile_unconfirmed": "mobile" in patient.unconfirmed,
    }


def _patient(row: Mapping[Any, Any]) -> Patient:
    kept = {name: row[name] for name in _KEPT}
    if row["mobile_unconfirmed"]:  # filled in meanwhile by a process of version 0.1.0
        kept["mobile_confirmed"] = False
    kept |= {said: _word(row, said) for said in _SAID}
    return Patient(**kept)


def _word_row(patient: Patient, said: str) -> dict[str, object] | None:
    word: Word | None = getattr(patient, said)
    return None if word is None else {**vars(word), "at": word.at.isoformat(), "ok": getattr(patient, _SAID[said])}


def _word(row: Mapping[Any, Any], said: str) -> Word | None:
    """Return whose word a consent is; None too where a process of version 0.1.0 has written another one since."""
    told = row[said]
    if told is None or told["ok"] != row[_SAID[said]]:
        return None
    return Word(datetime.fromisoformat(told["at"]), told["kind"], told["id"])

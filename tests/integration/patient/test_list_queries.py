"""A clinic's patients and needs stay for ever: what is looked for of them is found without reading all."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from services.patient.model.needs import BOOKED, CLOSED, DUE, EXPIRED, OVERDUE
from services.patient.model.patients import Patient, Sought
from services.patient.store import PatientStore, metadata
from services.patient.store.needs import Wanted, Weeks
from services.patient.store.tables import needs
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.times.weeks import week_of
from shared.storage.database import Database
from tests.builders.patient.desks import NOW
from tests.builders.patient.records import a_need, a_patient
from tests.integration.migrated import emptied
from tests.integration.statements import look_at_rows, plans, statements

pytestmark = pytest.mark.both_databases

Work = UnitOfWork[PatientStore]
MANY = 20_000
ONE = 14_321
WEEKS = Weeks(this="2026-W48", first={"exam": "2026-W20"})
RARE = 5_000
"""So many needs are of the common type for one of the rare."""


@pytest.fixture(scope="module")
def filled(database: Database) -> Work:
    """Return a store of many patients of one clinic, each with a name, mobile, email and need of its own."""
    work = UnitOfWork(emptied(database, metadata), PatientStore, lambda *_: None)
    with work() as store:
        store.keep(map(numbered, range(MANY)))
        store.connection.execute(insert(needs), list(map(a_row, range(MANY))))
    look_at_rows(database)
    return work


def numbered(number: int) -> Patient:
    """Return one of the patients."""
    name = "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")
    return a_patient(
        f"{number}",
        first_name=f"Eva{name}",
        last_name=f"Lind{name[::-1]}",
        mobile=f"+4670{number * 7919 % 10_000_000:07d}",
        email=f"{name}@mail.example",
        created_at=NOW + timedelta(minutes=number),
    )


@pytest.mark.parametrize("word", ["vabedcb", "edcb@", f"{ONE * 7919 % 10_000_000:07d}"[1:6], "nobody"])
def test_who_is_looked_for_by_a_part_is_found_by_an_index(filled: Work, word: str) -> None:
    with filled.reading() as store, statements(filled.database) as sent:
        found = store.find("solna", Sought((word,)), None, 20)
    assert [each.id for each in found] == [each.id for each in everybody() if word in " ".join(parts(each))][:20]
    (plan,) = plans(filled.database, sent)
    assert "ix_patients_parts" in plan, plan
    assert "Seq Scan" not in plan, plan


def parts(patient: Patient) -> tuple[str, ...]:
    """Return what is looked through of a patient."""
    return (patient.name_key, str(patient.email), str(patient.mobile))


def everybody() -> list[Patient]:
    """Return all patients as lists have them."""
    return sorted(map(numbered, range(MANY)), key=lambda each: (each.last_name.casefold(), each.id))


def test_a_clinics_patients_are_listed_in_the_order_of_an_index(filled: Work) -> None:
    with filled.reading() as store, statements(filled.database) as sent:
        found = store.find("solna", Sought(()), numbered(1234), 20)
    assert len(found) == 20
    (plan,) = plans(filled.database, sent)
    assert "Sort" not in plan.replace("sort_key", ""), plan
    assert "TEMP B-TREE" not in plan, plan


def a_row(number: int) -> dict[str, Any]:
    """Return one of the needs: most were used, some expired, few were taken back; of those to come most are open."""
    week = week_of(date(2020, 1, 6) + timedelta(weeks=number % 400))
    is_left = number % 5 == 0 or (week > WEEKS.this and number % 5 != 1)
    need = a_need(
        f"n{number}",
        patient=f"{number}",
        week=week,
        type="rare" if number % RARE == 0 else "exam",
        closed=number % 50 == 0,
    )
    return {**asdict(need), "booking": None if is_left else f"B{number}"}


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"within": DUE}, "ix_needs_open"),
        ({"within": OVERDUE}, "ix_needs_open"),
        ({"within": EXPIRED}, "ix_needs_open"),
        ({"within": BOOKED}, "ix_needs_used"),
        ({"within": CLOSED}, "ix_needs_closed"),
        ({"week": "2026-W47"}, "ix_needs_week"),
        ({"type": "rare"}, "ix_needs_type"),
        ({"patient": "77"}, "ix_needs_patient"),
        ({}, "ix_needs_week"),
    ],
    ids=str,
)
def test_r3_each_list_of_needs_is_read_from_an_index_in_its_order(
    filled: Work, wanted: dict[str, str], index: str
) -> None:
    with filled.reading() as store, statements(filled.database) as sent:
        assert store.find_needs("solna", Wanted(**wanted), WEEKS, None, 20)
    (plan,) = plans(filled.database, sent)
    assert index in plan, plan
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan

"""A clinic's patients stay for ever: who is looked for by a part of a name or number is found without reading all."""

from datetime import timedelta

import pytest

from services.patient.model.patients import Patient, Sought
from services.patient.store import PatientStore, metadata
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.patient.desks import NOW
from tests.builders.patient.records import a_patient
from tests.integration.migrated import emptied
from tests.integration.statements import look_at_rows, plans, statements

pytestmark = pytest.mark.both_databases

Work = UnitOfWork[PatientStore]
MANY = 20_000
ONE = 14_321


@pytest.fixture(scope="module")
def filled(database: Database) -> Work:
    """Return a store of many patients of one clinic, each with a name, mobile and email of its own."""
    work = UnitOfWork(emptied(database, metadata), PatientStore, lambda *_: None)
    with work() as store:
        store.add(map(numbered, range(MANY)))
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

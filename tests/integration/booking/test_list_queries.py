"""Bookings stay for ever: staff's lists read what they show, not all that a clinic has ever had (A3)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from services.booking.model.bookings import BOOKED, CANCELLED, DONE, MISSED
from services.booking.store import BookingStore
from services.booking.store.tables import bookings
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW
from tests.integration.booking.store_contract.rows import a_need, keep
from tests.integration.statements import look_at_rows, plans, statements

OVER = 4_000
"""Bookings in the past, of which one in a hundred was cancelled and one missed; as many to come as one in a hundred."""

WANTED = {"first": None, "last": None, "practitioner": None, "status": None, "patient": None, "after": None}


@pytest.fixture
def filled(database: Database) -> UnitOfWork[BookingStore]:
    """Return a store of many bookings, a few of them to come."""
    work = UnitOfWork(database, BookingStore, lambda *_: None)
    with work() as store:
        store.add_booking(a_booking(reference="FIRST"))
        (first,) = store.connection.execute(bookings.select()).mappings()
        rows = [_row(dict(first), number) for number in range(OVER)]
        store.connection.execute(insert(bookings), rows)
    look_at_rows(database)
    return work


def _row(first: dict[str, Any], number: int) -> dict[str, Any]:
    starts_at = NOW + (number - OVER + OVER // 100) * HOUR
    return {
        **first,
        "reference": f"R{number:09d}",
        "status": {7: CANCELLED, 8: MISSED}.get(number % 100, BOOKED),
        "practitioner": f"practitioner-{number % 40}",
        "patient_id": f"patient-{number % 1000}",
        "starts_at": starts_at,
        "ends_at": starts_at + HOUR,
        "busy_from": starts_at,
        "busy_to": starts_at + HOUR,
    }


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"status": CANCELLED}, "ix_bookings_ended"),
        ({"status": MISSED}, "ix_bookings_ended"),
        ({"status": BOOKED}, "ix_bookings_clinic_starts_at"),
        ({"status": DONE}, "ix_bookings_clinic_starts_at"),
        ({"first": NOW, "last": NOW + timedelta(days=1)}, "ix_bookings_clinic_starts_at"),
        ({"practitioner": "practitioner-7"}, "ix_bookings_practitioner_starts_at"),
        ({"patient": "patient-7"}, "ix_bookings_patient_starts_at"),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, dict) else "",
)
def test_each_list_of_bookings_reads_by_an_index(
    filled: UnitOfWork[BookingStore], asked: dict[str, Any], index: str
) -> None:
    with filled.reading() as store, statements(filled.database) as sent:
        found = store.find_bookings(CLINIC, now=NOW, limit=20, **{**WANTED, **asked})
    assert found
    (plan,) = plans(filled.database, sent)
    assert index in plan, plan
    assert "Seq Scan" not in plan
    assert not plan.startswith("(0, 0, 0, 'SCAN")


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.parametrize("status", [CANCELLED, MISSED, BOOKED])
def test_a_list_by_status_passes_over_few(filled: UnitOfWork[BookingStore], status: str) -> None:
    """PostgreSQL tells how many rows it has looked at in vain."""
    with filled.reading() as store, statements(filled.database) as sent:
        store.find_bookings(CLINIC, now=NOW, limit=20, **{**WANTED, "status": status})
    (plan,) = plans(filled.database, sent, postgresql="EXPLAIN ANALYZE")
    removed = [int(line.split(":")[1].rstrip("',)")) for line in plan.splitlines() if "Rows Removed" in line]
    assert sum(removed) < OVER // 40, plan


def test_c1_whom_a_therapist_treats_is_read_by_the_patients_that_are_asked_for(
    filled: UnitOfWork[BookingStore],
) -> None:
    """What it costs grows neither with the clinic's bookings nor with the therapist's."""
    asked = [f"patient-{number}" for number in (7, 8, 47)]
    keep(filled, *(a_need(f"n{number}", patient=f"patient-{number + 1000}") for number in range(OVER)))
    look_at_rows(filled.database)
    with filled.reading() as store, statements(filled.database) as sent:
        assert store.treated(CLINIC, "practitioner-7", asked) == {"patient-7", "patient-47"}
    (plan,) = plans(filled.database, sent)
    assert "ix_bookings_patient_starts_at" in plan, plan
    assert "ix_needs_patient" in plan, plan
    assert "Seq Scan" not in plan


def test_c10_whether_a_need_is_used_is_read_by_indexes_of_what_uses_it_or_may_again(
    filled: UnitOfWork[BookingStore],
) -> None:
    keep(filled, a_need("n1"))
    with filled.reading() as store, statements(filled.database) as sent:
        assert store.open_need(CLINIC, "n1", NOW)
    (plan,) = plans(filled.database, sent)
    assert "ix_bookings_undo" in plan, plan
    assert "uq_bookings_need" in plan
    assert "Seq Scan on bookings" not in plan
    assert "SCAN bookings" not in plan

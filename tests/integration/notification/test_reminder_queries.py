"""A hundred thousand planned reminders cost nothing until they are due: no query reads what it does not need (N3)."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import insert

from services.notification.model.messages import PLANNED, SENT
from services.notification.store import NotificationStore, messages, metadata
from services.notification.store.tables import appointments, booked_patients
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import MINUTE, a_message
from tests.integration.migrated import emptied
from tests.integration.notification.store_contract.messages import taken
from tests.integration.statements import look_at_rows, plans, statements

pytestmark = pytest.mark.both_databases

Work = UnitOfWork[NotificationStore]
ROWS = 4_000


@pytest.fixture(scope="module")
def filled(database: Database) -> Work:
    """Return a store with many reminders planned and as many sent, five of them due."""
    rows = [asdict(a_message(number, state)) for state in (PLANNED, SENT) for number in range(ROWS // 2)]
    known = [
        {
            "reference": f"R{number:09}",
            "clinic": f"clinic-{number % 50}",
            "version": 1,
            "start": NOW + number * MINUTE,
            "sms_reminder": True,
            "facts": "sealed" if number % 2 else None,
        }
        for number in range(ROWS)
    ]
    theirs = [{"booking": row["reference"], "patient": f"patient-{number // 4}"} for number, row in enumerate(known)]
    work = UnitOfWork(emptied(database, metadata), NotificationStore)
    with work() as store:
        for table, values in ((messages, rows), (appointments, known), (booked_patients, theirs)):
            store.connection.execute(insert(table), values)
    look_at_rows(database)
    return work


def plan_of(work: Work, act: Callable[[NotificationStore], Any]) -> str:
    """Return how the database reads for what `act` asks."""
    with statements(work.database) as sent, work() as store:
        act(store)
    asked = [(statement, values) for statement, values in sent if re.match(r"\s*SELECT", statement)]
    assert asked
    return " ".join(plans(work.database, asked))


DUE = "ix_messages_planned"


@pytest.mark.parametrize(
    ("index", "act"),
    [
        (DUE, lambda store: taken(store, "sms", NOW, NOW + MINUTE)),
        ("ix_messages_booking", lambda store: store.waiting_reminders(["R000000007"], NOW)),
        ("ix_booked_patients_patient", lambda store: store.bookings_of_patients(["patient-7"], NOW)),
    ],
)
def test_n3_what_is_looked_for_is_found_by_an_index(
    filled: Work, index: str, act: Callable[[NotificationStore], Any]
) -> None:
    plan = plan_of(filled, act)
    assert index in plan, plan
    if index == DUE:
        assert ("due_at<?" if filled.database.is_sqlite else "(due_at <=") in plan, plan
    assert not re.search(r"(SCAN|Seq Scan on) (messages|appointments|booked_patients)", plan), plan


def test_n3_bookings_to_plan_anew_are_found_by_an_index_from_where_the_last_batch_ended(filled: Work) -> None:
    with filled() as store:
        store.hold_rules("clinic-7", 1, "old")
        store.note_rules("clinic-7", 2, "new", NOW)
    plan = plan_of(filled, lambda store: store.planned_anew("clinic-7", 10))
    assert "ix_appointments_standing" in plan, plan
    assert "Seq Scan on appointments" not in plan, plan
    assert ("start,reference)>" if filled.database.is_sqlite else "AND (ROW(start, ") in plan, plan

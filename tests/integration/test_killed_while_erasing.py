"""Whoever is killed before the commit of their part of an erasure has done none of it; it comes again (A3, ADR 53)."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from services.booking.store import BookingStore
from services.notification.store import NotificationStore
from services.patient.store import PatientStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import new_event
from shared.contracts.errors import NotFound
from shared.storage.database import Database
from tests.builders.booking.world import STAFF, World
from tests.builders.notification import erased as eva
from tests.builders.notification import mailroom, messages
from tests.builders.patient import desks
from tests.builders.patient.bookings import a_booking, take_in
from tests.builders.patient.needs import id_of
from tests.integration.booking import erased as maja
from tests.integration.booking.calls import Calls
from tests.integration.stopped_while_erasing import PARTS, WRITTEN
from tests.integration.unhurried import unhurried


@pytest.fixture
def opened(migrated: Callable[[str, str], str]) -> Callable[[str], Database]:
    """Return a function that opens a new database of a service, on PostgreSQL."""
    return lambda service: unhurried(migrated(service, "postgresql"))


def kill_before_commit(part: str, database: Database, told: Mapping[str, Any]) -> None:
    """Let another process do its part, and kill it when it has written everything."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.stopped_while_erasing", part, database.url, json.dumps(told)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline().strip() == WRITTEN
    process.kill()
    process.wait(timeout=60)
    process.stdin.close()
    process.stdout.close()


def rows(database: Database) -> dict[str, list[Any]]:
    """Return all that a database holds."""
    tables = MetaData()
    with database.reading() as connection:
        tables.reflect(connection)
        return {each.name: [*map(tuple, connection.execute(select(each)))] for each in tables.sorted_tables}


def killed_and_come_again(part: str, work: UnitOfWork[Any], told: Mapping[str, Any]) -> None:
    """Kill who does a part, see that nothing of it is done, and let it come again, twice."""
    before = rows(work.database)
    kill_before_commit(part, work.database, told)
    assert rows(work.database) == before
    _, do = PARTS[part]
    for _ in range(2):
        do(work, told)


def test_a3_a_record_is_erased_whole_or_not_at_all_and_so_is_noted_who_else_has(
    opened: Callable[[str], Database],
) -> None:
    work: UnitOfWork[PatientStore] = UnitOfWork(opened("patient"), PatientStore)
    take_in(work, [a_booking(last_name="Vrålåkersson")])
    patient = id_of(work, "Eva")
    told = {"id": patient, "confirm": "Eva Vrålåkersson"}
    with pytest.raises(NotFound):  # of the second time
        killed_and_come_again("record", work, told)
    with work.reading() as store:
        assert store.get("solna", patient) is None
        erasure = store.erasure("solna", patient)
    assert erasure is not None
    assert erasure.messages_at is None
    end = new_event(
        "notification", "MessagesErased", clinic="solna", subject=patient, version=2, data={}, now=desks.NOW,
        actor=desks.STAFF.brief(), correlation_id="c",
    )  # fmt: skip
    killed_and_come_again("noted", work, end.to_json())
    with work.reading() as store:
        erasure = store.erasure("solna", patient)
    assert erasure is not None
    assert erasure.messages_at == desks.NOW


def test_a3_bookings_and_their_histories_lose_their_person_whole_or_not_at_all(
    opened: Callable[[str], Database],
) -> None:
    calls = Calls(World(opened("booking")))
    calls.hear(maja.linked(calls.book(message="Ring på")["reference"]))
    work: UnitOfWork[BookingStore] = UnitOfWork(calls.world.database, BookingStore)
    killed_and_come_again("bookings", work, maja.erased().to_json())
    assert [text for text in maja.PERSONAL if text in maja.everything(calls)] == []
    assert len(calls.events("BookingsErased")) == 1
    assert calls.by(STAFF).verify_history("solna")["broken"] == []


def test_a3_messages_are_emptied_whole_or_not_at_all(opened: Callable[[str], Database]) -> None:
    work: UnitOfWork[NotificationStore] = UnitOfWork(opened("notification"), NotificationStore)
    mailroom.tell(messages.a_desk(work), messages.an_event())
    killed_and_come_again("messages", work, eva.erased().to_json())
    found = eva.everything(work)
    assert [name for name in ("mobile", "email") if str(messages.PERSON[name]) in found] == []
    assert len([row for row in rows(work.database)["outbox"] if "MessagesErased" in row]) == 1

"""What a booking costs its database (DESIGN, "Cost of a booking")."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from shared.database import Database
from tests.integration.booking.calls import Calls
from tests.unit.booking.world import STAFF, World


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Note the statements that the block sends, without what begins and ends transactions."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(" ".join(statement.split()[:3]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_a_booking_with_a_hold_is_six_statements(postgres: Database) -> None:
    calls = Calls(World(postgres))
    held = calls.hold()["hold"]
    with statements(postgres) as sent:
        calls.book(hold=held)
    assert [statement.split()[0] for statement in sent] == ["SELECT", "UPDATE", "INSERT", "INSERT", "INSERT", "UPDATE"]


@pytest.mark.parametrize(("call", "most"), [("hold", 5), ("book", 6)])
def test_taking_a_free_time_is_few_statements(postgres: Database, call: str, most: int) -> None:
    calls = Calls(World(postgres))
    with statements(postgres) as sent:
        getattr(calls, call)()
    assert len(sent) <= most, sent


def test_a_list_of_bookings_is_one_statement(postgres: Database) -> None:
    calls = Calls(World(postgres))
    calls.book(key="a")
    calls.book(key="b")
    with statements(postgres) as sent:
        assert len(calls.find(STAFF)["bookings"]) == 2
    assert len(sent) == 1

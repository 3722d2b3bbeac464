"""What a booking costs its database (DESIGN, "Cost of a booking")."""

from datetime import timedelta

import pytest

from shared.storage.database import Database
from tests.builders.booking.world import STAFF, START, World
from tests.integration.booking.calls import Calls
from tests.integration.statements import statements


def test_a_booking_with_a_hold_is_six_statements(postgres: Database) -> None:
    calls = Calls(World(postgres))
    held = calls.hold()["hold"]
    with statements(postgres) as sent:
        calls.book(hold=held)
    assert [statement.split()[0] for statement, _ in sent] == [
        "SELECT",
        "UPDATE",
        "INSERT",
        "INSERT",
        "UPDATE",
        "INSERT",
    ]


@pytest.mark.parametrize(("call", "most"), [("hold", 5), ("book", 6)])
def test_taking_a_free_time_is_few_statements(postgres: Database, call: str, most: int) -> None:
    calls = Calls(World(postgres))
    with statements(postgres) as sent:
        getattr(calls, call)()
    assert len(sent) <= most, sent


def test_taking_time_asks_no_other_service(postgres: Database) -> None:
    """ADR 23: one call, from the gateway to booking."""
    world = World(postgres)
    world.availability = world.patients = None  # type: ignore[assignment]
    calls = Calls(world)
    held = calls.hold(practitioner="anna")["hold"]
    booked = calls.book(hold=held)
    calls.book(practitioner="bo")
    calls.move(booked["manage_token"], START + timedelta(hours=2))
    calls.cancel(booked["manage_token"])


def test_replacing_a_hold_is_no_more_than_giving_back_and_holding(postgres: Database) -> None:
    """B12: in one transaction what were two."""
    calls = Calls(World(postgres))
    first = calls.hold(practitioner="anna")["hold"]
    with statements(postgres) as apart:
        calls.release(first)
        second = calls.hold(practitioner="anna")["hold"]
    with statements(postgres) as together:
        calls.hold(practitioner="anna", replaces=second)
    assert len(together) <= len(apart), together


def test_a_list_of_bookings_is_one_statement(postgres: Database) -> None:
    calls = Calls(World(postgres))
    calls.book(key="a")
    calls.book(key="b")
    with statements(postgres) as sent:
        assert len(calls.find(STAFF)["bookings"]) == 2
    assert len(sent) == 1

"""What a booking costs its database (DESIGN, "Cost of a booking")."""

from datetime import timedelta

import pytest

from shared.bus.wires.budget import Budget
from shared.storage.database import Database
from tests.builders.booking.world import STAFF, START, World
from tests.integration.booking.calls import Calls
from tests.integration.statements import messages_to_postgresql, statements

LATER = START + timedelta(hours=2)

MESSAGES = {"hold": 3, "book": 5, "book it": 6, "move": 5, "cancel": 6}
"""To the database and back, each of them all that a call costs: what begins and ends transactions is counted.

Somebody waits for it, so that its commit is a message of its own (ADR 18).
"""


@pytest.mark.parametrize("call", MESSAGES)
def test_taking_time_is_few_messages_to_the_database(postgres: Database, call: str) -> None:
    world = World(postgres)
    world.work = world.work.within(Budget.of(60))
    calls = Calls(world)
    held = calls.hold(practitioner="anna")["hold"]
    booked = calls.book(practitioner="bo", key="first")
    token = booked["manage_token"]
    acts = {
        "hold": lambda: calls.hold(practitioner="bo", start=LATER.isoformat()),
        "book": lambda: calls.book(practitioner="bo", start=LATER.isoformat(), key="second"),
        "book it": lambda: calls.book(hold=held, key="second"),
        "move": lambda: calls.move(token, LATER),
        "cancel": lambda: calls.cancel(token),
    }
    with messages_to_postgresql() as sent:
        acts[call]()
    assert len(sent) == MESSAGES[call], "\n".join(sent)


def test_who_waits_for_nobody_commits_with_what_is_written_last(postgres: Database) -> None:
    """As consumers of events do."""
    calls = Calls(World(postgres))
    calls.hold(practitioner="anna")
    with messages_to_postgresql() as sent:
        calls.hold(practitioner="bo")
    assert len(sent) == MESSAGES["hold"] - 1, "\n".join(sent)


def test_taking_time_asks_no_other_service(postgres: Database) -> None:
    """ADR 23: one call, from the gateway to booking."""
    world = World(postgres)
    world.availability = world.patients = None  # type: ignore[assignment]
    calls = Calls(world)
    held = calls.hold(practitioner="anna")["hold"]
    booked = calls.book(hold=held)
    calls.book(practitioner="bo")
    calls.move(booked["manage_token"], LATER)
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

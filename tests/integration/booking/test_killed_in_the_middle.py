"""A process that dies in the middle of taking time leaves nothing half done and nothing locked (PRODUCT B11)."""

from datetime import timedelta

import pytest

from shared.storage.database import Database
from tests.builders.booking.world import STAFF, START, World
from tests.integration.booking.calls import Calls
from tests.integration.booking.dying import kill_in_the_middle

LATER = START + timedelta(hours=2)


@pytest.fixture
def calls(postgres: Database) -> Calls:
    """Return the calls of those who live on."""
    return Calls(World(postgres))


@pytest.mark.parametrize("do", ["hold", "book", "staff"])
def test_a_taker_who_dies_has_taken_nothing(calls: Calls, booking_postgres_url: str, do: str) -> None:
    kill_in_the_middle(booking_postgres_url, {"do": do, "practitioner": "anna", "start": START.isoformat()})
    assert calls.occupied() == []
    assert calls.find(STAFF)["bookings"] == []
    assert calls.book(practitioner="anna")["status"] == "booked"


def test_a_hold_survives_the_death_of_its_booking(calls: Calls, booking_postgres_url: str) -> None:
    held = calls.hold(practitioner="anna")["hold"]
    kill_in_the_middle(booking_postgres_url, {"do": "book", "hold": held, "key": "k"})
    assert calls.book(key="k", hold=held)["status"] == "booked"


def test_a_move_that_dies_leaves_the_booking_where_it_was(calls: Calls, booking_postgres_url: str) -> None:
    """M4."""
    token = calls.book(practitioner="anna")["manage_token"]
    kill_in_the_middle(booking_postgres_url, {"do": "move", "token": token, "start": LATER.isoformat()})
    assert calls.occupied() == [("practitioner:anna", START, START + timedelta(minutes=30))]
    assert calls.move(token, LATER)["version"] == 2

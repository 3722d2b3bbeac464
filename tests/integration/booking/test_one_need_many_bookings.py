"""A need is used by at most one booking: two booking processes, 48 simultaneous clients, PostgreSQL (PRODUCT B9)."""

from collections import Counter
from datetime import timedelta

import pytest

from shared.storage.database import Database
from tests.builders.booking.world import MAJA, START, World, a_document, a_need
from tests.integration.booking.calls import Calls
from tests.integration.booking.competing import CLIENTS, Booking, all_at_once

ROUNDS = 3
CROWD = a_document(
    practitioners=[{"key": f"p{number}", "name": f"P {number}"} for number in range(CLIENTS)],
    types=[{"key": "visit", "name": "B", "length": "30m", "needs": {"controlled": True, "choose_practitioner": True}}],
)
NEED = "1" * 32


@pytest.fixture
def calls(postgres: Database) -> Calls:
    """Return the calls by which a test prepares the scene."""
    return Calls(World(postgres))


@pytest.mark.parametrize("do", ["by need", "hold and book by need"])
def test_exactly_one_of_all_who_book_with_one_need_wins(calls: Calls, processes: list[Booking], do: str) -> None:
    """Each with a practitioner of their own: nothing but the need is wanted twice."""
    for number in range(ROUNDS):
        need = str(number) * 32
        calls.hear(a_need(need))
        start = (START + timedelta(days=number)).isoformat()
        clients = [{"do": do, "by": need, "practitioner": f"p{n}", "start": start} for n in range(CLIENTS)]
        outcomes = all_at_once(processes, CROWD, clients)
        assert Counter(outcome.get("refused", "won") for outcome in outcomes) == {"won": 1, "no_open_need": CLIENTS - 1}
        assert all(outcome.get("phone") for outcome in outcomes if "won" not in outcome)
    made = calls.events("BookingCreated")
    assert Counter(event.data["need"] for event in made) == {str(number) * 32: 1 for number in range(ROUNDS)}


def test_staff_who_book_at_once_for_one_patient_use_the_need_once(calls: Calls, processes: list[Booking]) -> None:
    """R1: all of them book, one of them with the need."""
    calls.hear(a_need())
    clients = [
        {"do": "staff", "practitioner": f"p{n}", "patient": {"id": MAJA}, "start": START.isoformat()}
        for n in range(CLIENTS)
    ]
    outcomes = all_at_once(processes, CROWD, clients)
    assert all("won" in outcome for outcome in outcomes), outcomes
    assert Counter(event.data["need"] for event in calls.events("BookingCreated")) == {NEED: 1, None: CLIENTS - 1}


def test_a_week_that_many_send_at_once_goes_out_once(calls: Calls, processes: list[Booking]) -> None:
    """R2: to nobody twice, and every code opens."""
    for number in range(8):
        calls.hear(a_need(str(number) * 32))
    outcomes = all_at_once(processes, CROWD, [{"do": "issue", "week": "2026-W49"} for _ in range(CLIENTS)])
    issued = [row for outcome in outcomes for row in outcome["won"]["issued"]]
    assert sorted(row["need"] for row in issued) == [str(number) * 32 for number in range(8)]
    assert all(calls.open_recall(birth_date="1980-05-17", code=row["code"])["need"] == row["need"] for row in issued)
    assert len(calls.events("RecallIssued")) == 8

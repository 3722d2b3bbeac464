"""Nobody can book the same time twice: two booking processes, 48 simultaneous clients, PostgreSQL (PRODUCT B11)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, STAFF, START, World, a_document
from tests.integration.booking.calls import Calls
from tests.integration.booking.competing import CLIENTS, Booking, Client, Outcome, all_at_once

ROUNDS = 3
CROWD = {"practitioners": [{"key": f"p{number}", "name": f"P {number}"} for number in range(CLIENTS)]}


@pytest.fixture
def calls(postgres: Database) -> Calls:
    """Return the calls by which a test prepares the scene."""
    return Calls(World(postgres))


def winners(outcomes: list[Outcome]) -> list[Any]:
    """Return the winners' answers, after seeing that every loser was told properly and shown free times."""
    assert len(outcomes) == CLIENTS
    for outcome in outcomes:
        assert "error" not in outcome, outcome
        if "won" not in outcome:
            assert outcome["refused"] in {"slot_taken", "slot_held"}, outcome
            assert 1 <= len(outcome["alternatives"]) <= 5, outcome
    return [outcome["won"] for outcome in outcomes if "won" in outcome]


def overlapping(number: int, day: int) -> str:
    """Return one of several starts that all overlap each other."""
    return (START + timedelta(days=day, minutes=5 * (number % 6))).isoformat()


@pytest.mark.parametrize("do", ["hold", "hold and book", "book", "staff"])
def test_exactly_one_of_all_who_want_one_practitioner_wins(calls: Calls, processes: list[Booking], do: str) -> None:
    for day in range(ROUNDS):
        clients = [{"do": do, "practitioner": "anna", "start": overlapping(n, day)} for n in range(CLIENTS)]
        assert len(winners(all_at_once(processes, a_document(), clients))) == 1
    assert len(calls.occupied()) == ROUNDS


@pytest.mark.parametrize("do", ["hold", "book", "staff"])
def test_any_practitioner_gives_each_practitioner_once(calls: Calls, processes: list[Booking], do: str) -> None:
    for day in range(ROUNDS):
        clients = [{"do": do, "start": overlapping(n, day)} for n in range(CLIENTS)]
        won = winners(all_at_once(processes, a_document(), clients))
        assert sorted(answer["practitioner"] for answer in won) == ["anna", "bo"]


@pytest.mark.parametrize("do", ["hold", "book", "staff"])
def test_exactly_one_wins_a_shared_device(calls: Calls, processes: list[Booking], do: str) -> None:
    """S14: each client has a practitioner of their own, all need the one laser."""
    for day in range(ROUNDS):
        clients = [
            {"do": do, "type": "laser", "practitioner": f"p{n}", "start": overlapping(n, day)} for n in range(CLIENTS)
        ]
        assert len(winners(all_at_once(processes, a_document(**CROWD), clients))) == 1


@pytest.mark.parametrize("do", ["hold", "book", "hold and book"])
def test_exactly_two_win_a_pool_of_two_rooms(calls: Calls, processes: list[Booking], do: str) -> None:
    for day in range(ROUNDS):
        clients = [
            {"do": do, "type": "roomy", "practitioner": f"p{n}", "start": overlapping(n, day)} for n in range(CLIENTS)
        ]
        assert len(winners(all_at_once(processes, a_document(**CROWD), clients))) == 2
    rooms = Counter(resource for resource, _, _ in calls.occupied() if resource.startswith("resource:"))
    assert rooms == {"resource:room-1": ROUNDS, "resource:room-2": ROUNDS}


@pytest.mark.parametrize("do", ["move", "change"])
def test_exactly_one_of_all_who_move_to_one_time_wins(calls: Calls, processes: list[Booking], do: str) -> None:
    """M4: and every loser's booking stays where it was; for a minute the winner's old time is staff's to take back."""
    tokens = [
        calls.book(practitioner="anna", start=(START + timedelta(days=5, minutes=30 * n)).isoformat())["manage_token"]
        for n in range(CLIENTS)
    ]
    clients = [{"do": do, "token": token, "start": overlapping(n, 0)} for n, token in enumerate(tokens)]
    (won,) = winners(all_at_once(processes, a_document(), clients))
    assert datetime.fromisoformat(won["start"]) < START + timedelta(days=1)
    starts = {start for _, start, _ in calls.occupied()}
    left = CLIENTS - (do == "move")
    assert len(starts & {START + timedelta(days=5, minutes=30 * n) for n in range(CLIENTS)}) == left


def test_moves_into_each_other_s_times_never_overlap(calls: Calls, processes: list[Booking]) -> None:
    """M4: a circle of bookings, each wanting its neighbour's time, and half of them a room as well."""
    starts = [START + timedelta(minutes=30 * n) for n in range(CLIENTS)]
    tokens = [
        calls.book(practitioner="anna", type="roomy" if n % 2 else "visit", start=start.isoformat())["manage_token"]
        for n, start in enumerate(starts)
    ]
    clients = [
        {"do": "move", "token": token, "start": starts[(n + 1) % CLIENTS].isoformat()} for n, token in enumerate(tokens)
    ]
    winners(all_at_once(processes, a_document(), clients))
    assert sum(resource == "practitioner:anna" for resource, _, _ in calls.occupied()) == CLIENTS


def test_exactly_one_wins_whatever_way_they_come(calls: Calls, processes: list[Booking]) -> None:
    moving = [
        calls.book(practitioner="anna", start=(START + timedelta(days=5, minutes=30 * n)).isoformat())["manage_token"]
        for n in range(CLIENTS // 4)
    ]
    for day in range(ROUNDS):
        ways: list[Client] = [{"do": "move", "token": token} for token in moving]
        ways += [{"do": do, "practitioner": "anna"} for do in ("hold and book", "book", "staff") for _ in moving]
        clients = [{**client, "start": overlapping(n, day)} for n, client in enumerate(ways)]
        assert len(winners(all_at_once(processes, a_document(), clients))) == 1


def test_many_who_move_one_booking_move_it_one_after_the_other(calls: Calls, processes: list[Booking]) -> None:
    """A1, M4: each move sees the one before, in the times, the version and the history."""
    token = calls.book(practitioner="anna")["manage_token"]
    starts = [(START + timedelta(days=1, minutes=30 * n)).isoformat() for n in range(CLIENTS)]
    outcomes = all_at_once(
        processes, a_document(), [{"do": "move", "token": token, "start": start} for start in starts]
    )
    assert sorted(outcome["won"]["version"] for outcome in outcomes) == list(range(2, CLIENTS + 2))
    assert len(calls.occupied()) == 1
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


@pytest.mark.parametrize(("do", "refusal"), [("change", "changed_meanwhile"), ("cancel", "already_cancelled")])
def test_one_change_of_one_version_wins(calls: Calls, processes: list[Booking], do: str, refusal: str) -> None:
    token = calls.book(practitioner="anna")["manage_token"]
    clients = [
        {"do": do, "token": token, "version": 1, "start": (START + timedelta(days=1, minutes=30 * n)).isoformat()}
        for n in range(CLIENTS)
    ]
    outcomes = all_at_once(processes, a_document(), clients)
    assert Counter(outcome.get("refused", "won") for outcome in outcomes) == {"won": 1, refusal: CLIENTS - 1}


def test_one_hold_submitted_many_times_makes_one_booking(calls: Calls, processes: list[Booking]) -> None:
    held = calls.hold(practitioner="anna")["hold"]
    clients = [{"do": "book", "hold": held} for _ in range(CLIENTS)]
    assert len(winners(all_at_once(processes, a_document(), clients))) == 1


@pytest.mark.parametrize("with_hold", [True, False])
def test_one_key_submitted_many_times_makes_one_booking_and_one_answer(
    calls: Calls, processes: list[Booking], with_hold: bool
) -> None:
    """B13: the second waits for the first."""
    held = {"hold": calls.hold(practitioner="anna")["hold"]} if with_hold else {"practitioner": "anna"}
    clients = [{"do": "book", "key": "the same", **held} for _ in range(CLIENTS)]
    answers = winners(all_at_once(processes, a_document(), clients))
    assert len(answers) == CLIENTS
    assert len({answer["reference"] for answer in answers}) == 1
    assert len(calls.events("BookingCreated")) == 1


def test_expired_holds_in_the_way_of_many_end_once(calls: Calls, processes: list[Booking]) -> None:
    """B12: crossing holds of two practitioners and two rooms, all expired, taken by all at once."""
    calls.world.now -= timedelta(minutes=11)
    for minutes in (0, 30):
        calls.hold(type="roomy", start=(START + timedelta(minutes=minutes)).isoformat())
        calls.hold(type="roomy", start=(START + timedelta(minutes=minutes)).isoformat())
    clients = [{"do": "book", "type": "roomy", "start": overlapping(n + 1, 0)} for n in range(CLIENTS)]
    assert len(winners(all_at_once(processes, a_document(), clients))) == 2
    released = [event.subject for event in calls.events("SlotReleased")]
    assert len(released) == len(set(released))

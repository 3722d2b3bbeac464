"""PRODUCT B11 over HTTP: two booking processes on PostgreSQL, 48 simultaneous clients, every way that takes time."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tests.system.api_client import TOO_LATE, Answer, Client, staff
from tests.system.installation import ADMIN, Installation, wait_until
from tests.system.people import a_patient

CLIENTS = 48
_seeds = count(50_000)
_days = count(7)


def at_once(attempts: list[Callable[[], Answer]]) -> list[Answer]:
    """Make all attempts start together and return their answers."""
    gate = threading.Barrier(len(attempts))

    def attempt(make: Callable[[], Answer]) -> Answer:
        gate.wait()
        return make()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(attempt, attempts))


def one_wins(answers: list[Answer], winners: int = 1, won: tuple[int, ...] = (200, 201)) -> None:
    """Check that exactly `winners` succeeded and that everybody else was told what is free instead.

    A refusal waits two seconds for what is free and then goes without: some may where a machine stalls, never all.
    Who was told there that it took too long may have won: what `stands` tells.
    """
    statuses = Counter(answer.status for answer in answers)
    certain = sum(statuses[status] for status in won)
    assert certain <= winners <= certain + statuses[TOO_LATE], statuses
    losers = [answer for answer in answers if answer.status not in (*won, TOO_LATE)]
    for answer in losers:
        assert answer.status == 409, answer
        assert answer["code"] in {"slot_taken", "slot_held"}, answer
    shown = [answer["alternatives"] for answer in losers]
    assert any(shown), "B11: the losers are shown the nearest free times"


def booked_at(url: str, start: str, clinic: str) -> list[str]:
    """Return with whom the desk sees bookings at that start."""
    found = staff(url, *ADMIN).get(
        f"/staff/clinics/{clinic}/bookings", **{"from": start[:10], "to": start[:10]}, limit=200
    )
    rows = [row for row in found["bookings"] if row["start"] == start and row["status"] == "booked"]
    return sorted(row["practitioner"] for row in rows)


def stands(url: str, start: str, *practitioners: str, clinic: str = "frenda") -> None:
    """Wait until exactly these have a booking at that start: one whose answer came too late may follow."""
    wait_until(lambda: booked_at(url, start, clinic) == [*practitioners], f"{practitioners} at {start}")


@pytest.fixture
def url(deployed_installation: Installation) -> str:
    """Return the address of the installation on the real parts."""
    return deployed_installation.url


def a_slot(url: str, practitioner: str) -> dict[str, Any]:
    """Return a free time of somebody at the Swedish clinic, on a day that no other test uses."""
    for _ in range(30):
        day: date = datetime.now(UTC).date() + timedelta(days=next(_days))
        if slots := Client(url).slots("frenda", "exam", day, 1, practitioner=practitioner):
            return slots[len(slots) // 2]
    raise AssertionError("no free time within thirty days")


def like_the_swedish(url: str, clinic: str, **changes: Any) -> None:
    """Set up a clinic like the Swedish one, whose rooms are never under repair."""
    administrator = staff(url, *ADMIN)
    document = administrator.get("/staff/clinics/frenda/document").body
    changed = {**document, "clinic": clinic, "absences": [], **changes}
    assert administrator.call("PUT", f"/staff/clinics/{clinic}/document", changed).status in {200, 201}


def a_body(slot: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a booking of `slot` by somebody new."""
    return {
        "type": "exam",
        "start": slot["start"],
        "patient": a_patient("se.personnummer", "SE", next(_seeds)),
        **changes,
    }


def test_b11_of_simultaneous_holds_one_wins(url: str) -> None:
    slot = a_slot(url, "anna")
    body = {"type": "exam", "practitioner": "anna", "start": slot["start"]}
    one_wins(at_once([lambda: Client(url).post("/clinics/frenda/holds", body) for _ in range(CLIENTS)]))


def test_b11_of_simultaneous_bookings_one_wins(url: str) -> None:
    slot = a_slot(url, "anna")
    bodies = [a_body(slot, practitioner="anna") for _ in range(CLIENTS)]
    one_wins(at_once([lambda body=body: Client(url).post("/clinics/frenda/bookings", body) for body in bodies]))
    stands(url, slot["start"], "anna")


def test_b11_the_one_with_the_hold_wins_against_all_others(url: str) -> None:
    slot = a_slot(url, "anna")
    held = Client(url).post("/clinics/frenda/holds", {"type": "exam", "practitioner": "anna", "start": slot["start"]})
    bodies = [a_body(slot, practitioner="anna") for _ in range(CLIENTS - 1)]
    bodies.append(a_body(slot, practitioner="anna", hold=held["hold"]))
    answers = at_once([lambda body=body: Client(url).post("/clinics/frenda/bookings", body) for body in bodies])
    one_wins(answers)
    assert answers[-1].status in (201, TOO_LATE), "B12: the time is held for who holds it"
    stands(url, slot["start"], "anna")


def test_b11_any_practitioner_gives_each_of_two_free_ones_once(url: str) -> None:
    like_the_swedish(url, "two-rooms")
    first = datetime.now(UTC).date() + timedelta(days=7)
    slot = next(
        slot for slot in Client(url).slots("two-rooms", "acute", first) if slot["practitioners"] == ["anna", "erik"]
    )
    bodies = [a_body(slot, type="acute") for _ in range(CLIENTS)]
    answers = at_once([lambda body=body: Client(url).post("/clinics/two-rooms/bookings", body) for body in bodies])
    one_wins(answers, winners=2)
    stands(url, slot["start"], "anna", "erik", clinic="two-rooms")


def test_b11_of_simultaneous_moves_to_one_time_one_wins_and_the_others_stay(url: str) -> None:
    movers = 12
    target = a_slot(url, "anna")
    tokens: list[tuple[str, str]] = []
    while len(tokens) < movers:
        slot = a_slot(url, "anna")
        booked = Client(url).post("/clinics/frenda/bookings", a_body(slot, practitioner="anna"))
        assert booked.status == 201, booked
        tokens.append((booked["manage_token"], booked["start"]))
    calls = [lambda t=token: Client(url).post(f"/manage/{t}/rebook", {"start": target["start"]}) for token, _ in tokens]
    answers = at_once(calls)
    one_wins(answers)
    stands(url, target["start"], "anna")
    for (token, start), answer in zip(tokens, answers, strict=True):
        now = Client(url).get(f"/manage/{token}")["start"]
        may_be = {200: {target["start"]}, TOO_LATE: {start, target["start"]}}.get(answer.status, {start})
        assert now in may_be, "M4: a failed move leaves the old booking"


def test_b11_staff_cannot_double_book_either(url: str) -> None:
    slot = a_slot(url, "anna")
    token = staff(url, *ADMIN).token
    bodies = [a_body(slot, practitioner="anna") for _ in range(CLIENTS)]
    calls = [
        lambda b=body: Client(url, token).post("/staff/clinics/frenda/bookings", b) for body in bodies[: CLIENTS // 2]
    ]
    calls += [lambda b=body: Client(url).post("/clinics/frenda/bookings", b) for body in bodies[CLIENTS // 2 :]]
    one_wins(at_once(calls))
    stands(url, slot["start"], "anna")


def test_b11_a_room_that_two_practitioners_share_is_given_once(url: str) -> None:
    like_the_swedish(url, "one-room", resources=[{"key": "room-1", "name": "Rum 1", "pool": "room"}])
    day = datetime.now(UTC).date() + timedelta(days=14)
    both = ("anna", "erik")  # who do not work alike in every week
    free = Client(url).slots("one-room", "exam", day)
    times = {(each["start"], key) for each in free for key in each["practitioners"]}
    slot = next(each for each in free if {(each["start"], key) for key in both} <= times)
    bodies = [a_body(slot, practitioner=both[number % 2]) for number in range(CLIENTS)]
    one_wins(at_once([lambda b=body: Client(url).post("/clinics/one-room/bookings", b) for body in bodies]))
    wait_until(lambda: len(booked_at(url, slot["start"], "one-room")) == 1, "one booking")

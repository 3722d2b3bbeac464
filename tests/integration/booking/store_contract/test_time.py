"""Time: who takes it waits in turn, what is occupied, holds (PRODUCT B11, B12)."""

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from services.booking.model.choosing import Occupied
from services.booking.model.holds import Hold
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.booking.store_contract.rows import a_hold
from tests.integration.store_contracts import waits

Work = UnitOfWork[BookingStore]

INSTANT = timedelta(microseconds=1)
HOME = timezone(HOUR)
ANNA, BO = "practitioner:anna", "practitioner:bo"


def hold(work: Work, *holds: Hold) -> None:
    """Write holds, each with an hour of a resource of its own name."""
    with work() as store:
        for held in holds:
            store.add_hold(held)
            store.occupy(CLINIC, [held.id], held.busy_from, held.busy_to, hold=held.id, expires_at=held.expires_at)


def taken(work: Work, *resources: str) -> list[tuple[str, str | None, str | None]]:
    """Return (resource, booking, hold) of what is occupied at START."""
    with work.reading() as store:
        found = store.occupied(CLINIC, resources, START, START + HOUR)
    return sorted((each.resource, each.booking, each.hold) for each in found)


def ids(holds: list[Hold]) -> list[str]:
    """Return the holds' ids."""
    return [held.id for held in holds]


def state(work: Work, id: str) -> str | None:
    """Return the state of a hold, None where it is forgotten."""
    with work.reading() as store:
        found = store.hold(id)
    return found and found.state


def test_who_takes_time_keeps_those_waiting_who_take_of_the_same(work: Work) -> None:
    with work() as store:
        store.lock(CLINIC, [BO, ANNA])
        store.occupied(CLINIC, [BO, ANNA], START, START + HOUR)
        assert waits(work, lambda store: store.lock(CLINIC, ["resource:room", ANNA]))
        assert waits(work, lambda store: store.lock(CLINIC, ["resource:room"])) is work.database.is_sqlite
        assert waits(work, lambda store: store.lock("lund", [ANNA])) is work.database.is_sqlite
    assert waits(work, lambda store: store.lock(CLINIC, [ANNA])) is False


@pytest.mark.parametrize(
    ("start", "end", "is_occupied"),
    [
        (START, START + HOUR, True),
        (START - HOUR, START, False),
        ((START - HOUR).astimezone(HOME), START + INSTANT, True),
        (START + HOUR, START + 2 * HOUR, False),
        (START + HOUR - INSTANT, START + 2 * HOUR, True),
        (START + INSTANT, START + 2 * INSTANT, True),
    ],
)
def test_time_is_half_open_to_the_microsecond(work: Work, start: Any, end: Any, is_occupied: bool) -> None:
    with work() as store:
        store.add_booking(a_booking(reference="A"))
        store.occupy(CLINIC, [ANNA, BO], START.astimezone(HOME), START + HOUR, booking="A")
        store.occupy("lund", ["practitioner:eva"], START, START + HOUR, booking="A")
        found = store.occupied(CLINIC, {ANNA, "practitioner:eva"}, start, end)
        assert store.occupied(CLINIC, [], start, end) == []
    assert found == ([Occupied(ANNA, START, START + HOUR, "A", None, None)] if is_occupied else [])
    assert all(each.starts_at.tzinfo is UTC for each in found)


def test_a_booking_gives_back_its_own_time_alone(work: Work) -> None:
    with work() as store:
        for reference, resource in (("A", ANNA), ("B", BO)):
            store.add_booking(a_booking(reference=reference))
            store.occupy(CLINIC, [resource], START, START + HOUR, booking=reference)
        store.free_booking("A")
        store.free_booking("nobody")
    assert taken(work, ANNA, BO) == [(BO, "B", None)]


@pytest.mark.parametrize(
    "held",
    [
        a_hold(),
        a_hold(any_practitioner=True, resources=("room-1", "läser"), revision=9, expires_at=NOW + INSTANT),
        a_hold(state="released", busy_from=START - HOUR, clinic="lund"),
    ],
)
def test_a_hold_comes_back_as_it_was_written(work: Work, held: Hold) -> None:
    with work() as store:
        store.add_hold(held)
        assert store.hold("h") == held
        assert store.hold("H") is None


@pytest.mark.parametrize(
    ("changes", "can_be_used"),
    [
        ({"expires_at": NOW + INSTANT}, True),
        ({"expires_at": (NOW + INSTANT).astimezone(HOME)}, True),
        ({"expires_at": NOW}, False),
        ({"expires_at": NOW + HOUR, "state": "used"}, False),
        ({"expires_at": NOW + HOUR, "state": "released"}, False),
    ],
)
def test_b12_a_hold_is_used_once_and_before_it_expires(work: Work, changes: dict[str, Any], can_be_used: bool) -> None:
    with work() as store:
        store.add_hold(a_hold(**changes))
        assert store.use_hold("h", NOW) is can_be_used
        assert store.use_hold("h", NOW) is False
        assert store.use_hold("nothing", NOW) is False
    assert state(work, "h") == ("used" if can_be_used else a_hold(**changes).state)


def test_held_time_becomes_the_booking_s_or_is_given_back(work: Work) -> None:
    hold(work, a_hold("h1"), a_hold("h2"), a_hold("h3"))
    with work() as store:
        store.add_booking(a_booking(reference="A"))
        store.give_held_time("h1", "A")
        store.free_hold("h2")
        (mine,) = store.occupied(CLINIC, ["h1"], START, START + HOUR)
    assert mine == Occupied("h1", START, START + HOUR, "A", None, None)
    assert taken(work, "h1", "h2", "h3") == [("h1", "A", None), ("h3", None, "h3")]


def test_holds_are_ended_once_with_their_time(work: Work) -> None:
    hold(work, *(a_hold(id) for id in ("h3", "h1", "h2")), a_hold("h4", state="used"))
    hold(work, a_hold("h5", expires_at=NOW + INSTANT))
    with work() as store:
        assert ids(store.release_holds({"h3", "h1", "h4", "nothing"})) == ["h1", "h3"]
        assert store.release_holds(["h1", "h3"]) == []
        assert store.release_holds([]) == []
        assert ids(store.release_holds(["h2", "h5"], NOW)) == ["h2"]
    assert taken(work, "h1", "h2", "h3", "h4", "h5") == [("h4", None, "h4"), ("h5", None, "h5")]
    assert [state(work, f"h{number}") for number in range(1, 6)] == ["released"] * 3 + ["used", "held"]


def test_the_sweep_ends_what_has_expired_the_oldest_first(work: Work) -> None:
    hold(
        work,
        a_hold("h1", expires_at=NOW),
        a_hold("h2", expires_at=NOW - HOUR),
        a_hold("h3", expires_at=NOW + INSTANT),
        a_hold("h4", expires_at=NOW - 2 * HOUR, state="used"),
        a_hold("h5", expires_at=NOW - INSTANT, clinic="lund"),
    )
    with work() as store:
        assert ids(store.release_expired_holds(NOW, 2)) == ["h2", "h5"]
        assert ids(store.release_expired_holds(NOW, 2)) == ["h1"]
        assert store.release_expired_holds(NOW, 2) == []
    assert taken(work, "h1", "h2", "h3", "h4", "h5") == [("h3", None, "h3"), ("h4", None, "h4")]


def test_holds_in_other_hands_are_left_to_them(work: Work) -> None:
    hold(work, a_hold("h1"), a_hold("h2", expires_at=NOW - HOUR))
    found: list[str] = []
    with work() as store:
        store.release_holds(["h1"])
        assert waits(work, lambda store: store.release_holds(["h1"]))
        sweeping = waits(work, lambda store: found.extend(ids(store.release_expired_holds(NOW, 9))))
        assert sweeping is work.database.is_sqlite
    assert found == ([] if work.database.is_sqlite else ["h2"])


def test_what_ended_is_forgotten_and_what_is_held_is_not(work: Work) -> None:
    with work() as store:
        store.add_hold(a_hold("h1", state="used", expires_at=NOW - INSTANT))
        store.add_hold(a_hold("h2", state="released", expires_at=NOW - HOUR))
        store.add_hold(a_hold("h3", expires_at=NOW - HOUR))
        store.add_hold(a_hold("h4", state="used", expires_at=NOW))
        store.forget_holds(NOW)
    assert [state(work, f"h{number}") for number in range(1, 5)] == [None, None, "held", "used"]

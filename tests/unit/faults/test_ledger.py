"""The judge of fault tests knows each promise that can break, and blames nobody where all were kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.faults.ledger import (
    BOOK,
    BOOKED,
    CANCEL,
    CANCELLED,
    CUT,
    HOLD,
    MOVE,
    Attempt,
    Kept,
    Ledger,
    Place,
    State,
    clocked,
    judge,
    released_early,
    rude,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, SECOND, THIRD = (Place("anna", NINE + timedelta(hours=hour)) for hour in range(3))
ANYBODY = Place("", NINE)


def an_attempt(kind: str, place: Place | None, second: float, status: int = 200, **answer: Any) -> Attempt:
    """Return what patient 1 asked at that second; the answer came a second later."""
    return Attempt(kind, 1, place, second, second + 1, status, answer)


def booked(place: Place = FIRST, status: int = 201) -> Attempt:
    """Return the attempt that made the booking."""
    return an_attempt(BOOK, place, 0, status, reference="R1")


def kept(*places: Place | None, reference: str = "R1", subject: int = 1) -> Kept:
    """Return a booking that went from place to place, None for cancelled."""
    states: list[State] = []
    for version, place in enumerate(places, start=1):
        states.append(State(version, BOOKED if place else CANCELLED, place or states[-1].place))
    return Kept(reference, subject, states[-1], tuple(states))


@pytest.mark.parametrize(
    ("attempts", "found"),
    [
        ([booked()], [kept(FIRST)]),
        ([booked(ANYBODY)], [kept(FIRST)]),
        ([booked(status=409)], []),
        ([booked(status=504)], []),
        ([booked(), an_attempt(MOVE, SECOND, 2)], [kept(FIRST, SECOND)]),
        ([booked(), an_attempt(MOVE, SECOND, 2, 504)], [kept(FIRST)]),
        ([booked(), an_attempt(MOVE, SECOND, 2, CUT)], [kept(FIRST, SECOND)]),
        ([booked(), an_attempt(MOVE, SECOND, 2, 504), an_attempt(MOVE, THIRD, 4)], [kept(FIRST, SECOND, THIRD)]),
        ([booked(), an_attempt(MOVE, SECOND, 2), an_attempt(CANCEL, None, 4, 504)], [kept(FIRST, SECOND, None)]),
        ([booked(), an_attempt(CANCEL, None, 2, 504), an_attempt(CANCEL, None, 4)], [kept(FIRST, None)]),
    ],
)
def test_where_all_was_kept_there_is_no_fault(attempts: list[Attempt], found: list[Kept]) -> None:
    assert judge(attempts, found) == {}


GIVEN_UP, LATER = an_attempt(MOVE, SECOND, 2, 504), an_attempt(MOVE, THIRD, 4)


@pytest.mark.parametrize(
    ("fault", "attempts", "found"),
    [
        ("lost", [booked()], []),
        ("lost", [booked(), an_attempt(MOVE, SECOND, 2)], [kept(FIRST)]),
        ("lost", [booked(), an_attempt(CANCEL, None, 2)], [kept(FIRST)]),
        ("double", [booked()], [kept(FIRST), kept(FIRST, reference="R2")]),
        ("undone", [booked(), GIVEN_UP, LATER], [kept(FIRST, THIRD, SECOND)]),
        ("undone", [booked(), an_attempt(CANCEL, None, 2, 504), LATER], [kept(FIRST, THIRD, None)]),
        ("disorder", [booked(), an_attempt(MOVE, SECOND, 2)], [kept(FIRST, SECOND, SECOND)]),
        ("unasked", [booked()], [kept(FIRST, SECOND)]),
        ("untold", [booked(status=504)], [kept(FIRST)]),
    ],
)  # fmt: skip
def test_each_broken_promise_is_found(fault: str, attempts: list[Attempt], found: list[Kept]) -> None:
    assert fault in judge(attempts, found)


def test_a_history_with_a_gap_or_another_end_than_its_row_is_in_disorder() -> None:
    whole = kept(FIRST, SECOND, THIRD)
    moves = [booked(), an_attempt(MOVE, SECOND, 2), an_attempt(MOVE, THIRD, 4)]
    gap = Kept("R1", 1, whole.now, (whole.states[0], whole.states[2]))
    elsewhere = Kept("R1", 1, whole.states[1], whole.states)
    assert "disorder" in judge(moves, [gap])
    assert "disorder" in judge(moves, [elsewhere])


def test_two_patients_at_one_time_are_a_double_booking() -> None:
    other = Attempt(BOOK, 2, FIRST, 0, 1, 201, {"reference": "R2"})
    assert "double" in judge([booked(), other], [kept(FIRST), kept(FIRST, reference="R2", subject=2)])


def test_a_held_time_that_somebody_else_gets_before_its_end_was_released_early() -> None:
    held = hold(ends_in=50)
    assert released_early([held, after(held, 2, FIRST, 201)])
    assert released_early([held, after(held, 1, FIRST, 409)])
    assert not released_early(
        [held, after(held, 2, FIRST, 409), after(held, 2, SECOND, 201), after(held, 1, FIRST, 201)]
    )


def test_a_held_time_may_be_had_after_its_end() -> None:
    held = hold(ends_in=-50)
    assert not released_early([held, after(held, 2, FIRST, 201), after(held, 1, FIRST, 409)])


def hold(ends_in: float) -> Attempt:
    """Return patient 1's hold, of a minute ago, which ends in so many seconds."""
    expires = (datetime.now(UTC) + timedelta(seconds=ends_in)).isoformat()
    return Attempt(HOLD, 1, FIRST, clocked() - 60, clocked() - 60, 201, {"expires": expires})


def after(held: Attempt, subject: int, place: Place, status: int) -> Attempt:
    """Return what somebody got who asked for a place just now."""
    return Attempt(BOOK, subject, place, held.begun + 60, held.ended + 60, status, {"code": "slot_held"})


def test_the_first_success_is_the_first_that_was_asked_for_after_the_healing() -> None:
    ledger = Ledger()
    for attempt in (booked(), an_attempt(MOVE, SECOND, 9, 504), an_attempt(MOVE, THIRD, 12)):
        ledger.note(attempt)
    assert ledger.first_success(10) == 3
    assert ledger.first_success(20) is None


@pytest.mark.parametrize(
    ("status", "code", "may_be_cut", "is_rude"),
    [
        (503, "unavailable", False, False),
        (504, "timeout", False, False),
        (500, "unavailable", False, True),
        (503, "", False, True),
        (CUT, "", False, True),
        (CUT, "", True, False),
        (409, "slot_taken", False, False),
        (201, "", False, False),
    ],
)
def test_an_answer_that_no_client_can_act_on_is_rude(status: int, code: str, may_be_cut: bool, is_rude: bool) -> None:
    assert bool(rude([an_attempt(BOOK, FIRST, 0, status, code=code)], may_be_cut=may_be_cut)) == is_rude

"""A change is made of the booking that its maker had in view, or not at all; what stands already stays as it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.errors import AlreadyCancelled, ChangedMeanwhile, Invalid
from tests.builders.booking.world import STAFF, START
from tests.integration.booking.calls import Calls

LATER = START + timedelta(hours=2)
LATEST = START + timedelta(hours=4)


def meanwhile(calls: Calls, act: Callable[[], Any]) -> None:
    """Let something else happen once, between the look at a booking and the lock on it."""
    documents, look = calls.world.documents, calls.world.documents.get

    def get(clinic: str) -> Any:
        documents.get = look  # type: ignore[method-assign]
        act()
        return look(clinic)

    documents.get = get  # type: ignore[method-assign]


def traces(calls: Calls, reference: str) -> tuple[int, int, int]:
    """Return a booking's version, and how many entries its history has, and events told of it."""
    history = calls.by(STAFF).history("solna", reference)["history"]
    events = [event for event in calls.events() if event.subject == reference]
    return calls.get(reference, STAFF)["version"], len(history), len(events)


def test_who_names_the_version_in_view_changes_nothing_else(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    token = booked["manage_token"]
    calls.move(token, LATER, version=1)
    before = traces(calls, booked["reference"])
    for change in (
        lambda: calls.move(token, LATEST, version=1),
        lambda: calls.by().cancel(token=token, version=1),
        lambda: calls.by(STAFF).cancel(clinic="solna", reference=booked["reference"], version=1),
    ):
        with pytest.raises(ChangedMeanwhile):
            change()
    assert traces(calls, booked["reference"]) == before
    assert calls.by().cancel(token=token, version=2)["status"] == "cancelled"


@pytest.mark.parametrize("version", ["1", 1.5, True])
def test_a_version_is_a_whole_number(calls: Calls, version: Any) -> None:
    token = calls.book()["manage_token"]
    with pytest.raises(Invalid):
        calls.move(token, LATER, version=version)
    with pytest.raises(Invalid):
        calls.by().cancel(token=token, version=version)


def test_who_repeats_a_move_that_was_done_is_told_so_whatever_version_was_in_view(calls: Calls) -> None:
    """CONTRACTS 1: moving to the present start is 200 and no event; its first answer may have been lost."""
    booked = calls.book(practitioner="anna")
    calls.move(booked["manage_token"], LATER, version=1)
    before = traces(calls, booked["reference"])
    assert calls.move(booked["manage_token"], LATER, version=1)["version"] == 2
    assert traces(calls, booked["reference"]) == before


def test_two_equal_moves_at_once_leave_one_version_one_entry_and_one_event(calls: Calls) -> None:
    booked = calls.book(type="roomy", practitioner="anna")
    token = booked["manage_token"]
    meanwhile(calls, lambda: calls.move(token, LATER))
    assert calls.move(token, LATER)["version"] == 2
    assert traces(calls, booked["reference"]) == (2, 2, 2)


def test_two_equal_changes_by_staff_at_once_leave_one_version(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    change = {"start": LATER.isoformat(), "practitioner": "bo"}
    transaction = calls.world.transaction

    def after_another(attempt: Any) -> Any:
        calls.world.transaction = transaction  # type: ignore[method-assign]
        calls.change(STAFF, booked["reference"], **change)
        return transaction(attempt)

    calls.world.transaction = after_another  # type: ignore[method-assign]
    assert calls.change(STAFF, booked["reference"], **change)["version"] == 2
    assert traces(calls, booked["reference"]) == (2, 2, 2)


def test_a_move_that_names_its_version_is_refused_where_another_came_before_its_lock(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    meanwhile(calls, lambda: calls.move(booked["manage_token"], LATEST))
    with pytest.raises(ChangedMeanwhile):
        calls.move(booked["manage_token"], LATER, version=1)
    assert calls.get(booked["reference"], STAFF)["start"] == "2026-12-01T18:00:00+01:00"


def test_a_cancellation_that_names_its_version_is_refused_where_a_move_came_before_its_lock(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    meanwhile(calls, lambda: calls.move(booked["manage_token"], LATER))
    with pytest.raises(ChangedMeanwhile):
        calls.by().cancel(token=booked["manage_token"], version=1)
    assert calls.get(booked["reference"], STAFF)["status"] == "booked"


def test_a_move_is_refused_where_staff_have_made_another_appointment_of_it_before_its_lock(calls: Calls) -> None:
    """It was asked of one practitioner when that may be; now it is with another."""
    booked = calls.book(practitioner="anna")
    meanwhile(calls, lambda: calls.change(STAFF, booked["reference"], practitioner="bo"))
    with pytest.raises(ChangedMeanwhile):
        calls.move(booked["manage_token"], LATER)
    assert calls.get(booked["reference"], STAFF)["practitioner"] == "bo"


@pytest.mark.parametrize("do", ["move", "cancel"])
def test_a_link_that_becomes_void_before_the_lock_changes_nothing(calls: Calls, do: str) -> None:
    """C13."""
    booked = calls.book(practitioner="anna")
    meanwhile(calls, lambda: calls.by(STAFF).new_link("solna", booked["reference"]))
    with pytest.raises(ChangedMeanwhile):
        calls.move(booked["manage_token"], LATER) if do == "move" else calls.cancel(booked["manage_token"])
    found = calls.get(booked["reference"], STAFF)
    assert (found["status"], found["version"]) == ("booked", 2)


def test_a_move_is_refused_where_the_booking_was_cancelled_before_its_lock(calls: Calls) -> None:
    booked = calls.book(practitioner="anna")
    meanwhile(calls, lambda: calls.cancel(booked["manage_token"]))
    with pytest.raises(AlreadyCancelled):
        calls.move(booked["manage_token"], LATER)

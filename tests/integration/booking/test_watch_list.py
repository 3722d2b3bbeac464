"""The watch list: what patients cancelled, until it is ticked off (PRODUCT M5)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.contracts.errors import Forbidden, Invalid, NotFound
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, NOW, STAFF, START, World
from tests.integration.booking.calls import BO, Calls, an_event

HALF_HOUR = timedelta(minutes=30)


def test_m5_a_patient_who_cancels_is_watched_in_the_same_transaction_until_ticked_off(database: Database) -> None:
    calls = Calls(World(database))
    booked = calls.book()
    calls.cancel(booked["manage_token"], "Jag är sjuk")
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    assert (entry["comment"], entry["booking"]["reference"]) == ("Jag är sjuk", booked["reference"])
    assert entry["booking"]["patient"]["mobile"] == "+46701234567"
    for _ in range(2):
        calls.by(STAFF).watch_done(CLINIC, entry["id"])
    assert calls.watch_list(STAFF)["watch_list"] == []


def test_m5_what_was_ticked_off_is_open_again_when_that_is_taken_back(calls: Calls) -> None:
    calls.cancel(calls.book()["manage_token"], "Jag är sjuk")
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    calls.by(STAFF).watch_done(CLINIC, entry["id"])
    for _ in range(2):
        assert calls.by(STAFF).watch_done(CLINIC, entry["id"], on=False) == {"id": entry["id"], "done": False}
    assert calls.watch_list(STAFF)["watch_list"] == [entry]
    with pytest.raises(Forbidden):
        calls.by(BO).watch_done(CLINIC, entry["id"], on=False)
    with pytest.raises(Invalid):
        calls.by(STAFF).watch_done(CLINIC, entry["id"], on="perhaps")


def test_m5_a_neighbour_of_version_0_1_0_finds_what_is_watched_done(database: Database) -> None:
    """It asks its inbox by the same name, and would fail on a second row."""
    calls = Calls(World(database))
    calls.cancel(calls.book()["manage_token"])
    (event,) = calls.events("BookingCancelled")
    with calls.world.work() as store:
        assert not store.first_times("watch_cancellation", [event], NOW)


def test_m5_what_a_neighbour_of_version_0_1_0_cancelled_is_watched_when_it_is_heard_of_once(calls: Calls) -> None:
    reference = calls.book()["reference"]
    patients, staffs = (
        replace(an_event("booking", "BookingCancelled"), subject=reference, actor={"kind": kind, "id": None})
        for kind in ("patient", "staff")
    )
    calls.hear(staffs)
    assert calls.watch_list(STAFF)["watch_list"] == []
    for _ in range(2):
        calls.hear(patients)
    calls.hear(replace(patients, id="f" * 32))
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    assert entry["booking"]["reference"] == reference


def test_m5_the_reason_stays_with_the_booking_and_in_its_history_when_the_entry_is_ticked_off(calls: Calls) -> None:
    booked = calls.book()
    reference = booked["reference"]
    assert calls.get(reference, STAFF)["comment"] is None
    calls.cancel(booked["manage_token"], "Jag är sjuk")
    calls.by(STAFF).watch_done(CLINIC, calls.watch_list(STAFF)["watch_list"][0]["id"])
    assert calls.get(reference, STAFF)["comment"] == "Jag är sjuk"
    cancelled = calls.history(STAFF, reference)["history"][-1]
    assert cancelled["changes"] == {"status": ["booked", "cancelled"], "comment": [None, "Jag är sjuk"]}
    assert "comment" not in calls.open(booked["manage_token"])["booking"]


def test_m5_what_was_ticked_off_is_looked_up_in_pages_the_latest_first(database: Database) -> None:
    calls = Calls(World(database))
    for number in range(4):
        booked = calls.book(start=(START + number * HALF_HOUR).isoformat())
        calls.cancel(booked["manage_token"], f"reason {number}")
    waiting = {entry["comment"]: entry["id"] for entry in calls.watch_list(STAFF)["watch_list"]}
    for number in (2, 0, 3):
        calls.world.now += timedelta(minutes=1)
        calls.by(STAFF).watch_done(CLINIC, waiting[f"reason {number}"])
    assert [entry["comment"] for entry in calls.watch_list(STAFF)["watch_list"]] == ["reason 1"]
    first = calls.watch_list(STAFF, done="true", limit=2)
    second = calls.watch_list(STAFF, done=True, limit=2, cursor=first["next"])
    assert [each["comment"] for each in first["watch_list"] + second["watch_list"]] == [
        "reason 3", "reason 0", "reason 2",
    ]  # fmt: skip
    assert second["next"] is None
    latest = first["watch_list"][0]
    assert (latest["done_at"], latest["done_by"]) == ("2026-11-02T10:03:00+01:00", "eva@solna.example")
    assert calls.watch_list(BO, done=True)["watch_list"] == [], "a therapist sees their own patients"


def test_what_staff_cancel_is_not_watched(calls: Calls) -> None:
    booked = calls.book()
    calls.cancel_as_staff(STAFF, booked["reference"])
    assert calls.watch_list(STAFF)["watch_list"] == []


def test_the_watch_list_comes_in_pages(calls: Calls) -> None:
    for number in range(3):
        booked = calls.book(start=(START + number * HALF_HOUR).isoformat())
        calls.cancel(booked["manage_token"])
    first = calls.watch_list(STAFF, limit=2)
    second = calls.watch_list(STAFF, limit=2, cursor=first["next"])
    ids = [entry["id"] for entry in first["watch_list"] + second["watch_list"]]
    assert (len(set(ids)), second["next"]) == (3, None)


@pytest.mark.parametrize("id", ["x", "0" * 32, "\0"])
def test_an_unknown_entry_of_the_watch_list_is_not_found(database: Database, id: str) -> None:
    calls = Calls(World(database))
    with pytest.raises(NotFound):
        calls.by(STAFF).watch_done(CLINIC, id)

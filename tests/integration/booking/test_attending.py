"""Arrived, missed, and both taken back; notes for the staff alone (PRODUCT C9)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.booking.store.tables import bookings, history, outbox
from shared.contracts.errors import AlreadyCancelled, ChangedMeanwhile, Invalid
from shared.storage.database import Database
from tests.builders.booking.world import STAFF, START, World
from tests.integration.booking.calls import Calls

HOUR = timedelta(hours=1)


def test_c9_who_has_arrived_is_noted_and_taken_back(database: Database) -> None:
    calls = Calls(World(database))
    reference = calls.book()["reference"]
    calls.world.now = START - HOUR
    for _ in range(2):
        assert calls.arrived(reference)["arrived_at"] == "2026-12-01T13:00:00+01:00"
    for _ in range(2):
        assert calls.arrived(reference, on=False)["arrived_at"] is None
    there, taken_back = calls.events("BookingArrived")
    assert (there.data["arrived_at"], taken_back.data["arrived_at"]) == ((START - HOUR).isoformat(), None)
    entries = calls.history(STAFF, reference)["history"]
    assert entries[1]["changes"] == {"arrived_at": [None, "2026-12-01T13:00:00+01:00"]}
    assert [entry["type"] for entry in entries] == ["BookingCreated", "BookingArrived", "BookingArrived"]


def test_nobody_arrives_for_an_appointment_of_another_day_or_one_that_does_not_stand(calls: Calls) -> None:
    reference = calls.book()["reference"]
    with pytest.raises(Invalid):
        calls.arrived(reference)
    calls.world.now = START
    calls.cancel_as_staff(STAFF, reference)
    with pytest.raises(AlreadyCancelled):
        calls.arrived(reference)


def test_c9_who_was_missed_and_has_come_after_all(calls: Calls) -> None:
    """The call of before, without a word, still marks."""
    reference = calls.book()["reference"]
    calls.world.now = START + HOUR
    calls.arrived(reference)
    missed = calls.mark_no_show(reference)
    assert (missed["status"], missed["arrived_at"]) == ("missed", None)
    with pytest.raises(Invalid):
        calls.arrived(reference)
    for _ in range(2):
        assert calls.mark_no_show(reference, on=False)["status"] == "done"
    (restored,) = calls.events("BookingRestored")
    assert (restored.data["status"], restored.data["undoes"]) == ("booked", None)
    assert calls.arrived(reference)["arrived_at"] is not None


def test_what_was_cancelled_is_not_taken_back_as_missed(calls: Calls) -> None:
    reference = calls.book()["reference"]
    calls.cancel_as_staff(STAFF, reference)
    assert calls.mark_no_show(reference, on=False)["status"] == "cancelled"
    assert calls.events("BookingRestored") == []


def test_c9_a_note_is_the_staff_s_alone(database: Database) -> None:
    """No event says what it holds, nor does any row in clear; its history shows it to staff."""
    calls = Calls(World(database))
    booked = calls.book()
    reference = booked["reference"]
    for _ in range(2):
        assert calls.note(reference, " Afraid of the drill ", version=1)["note"] == "Afraid of the drill"
    assert "note" not in calls.open(booked["manage_token"])["booking"]
    (noted,) = calls.events("BookingNoted")
    assert noted.data["has_note"] is True
    with database.reading() as connection:
        stored = [str(row) for table in (bookings, history, outbox) for row in connection.execute(select(table))]
    assert not any("drill" in row for row in stored)
    *_, entry = calls.history(STAFF, reference)["history"]
    assert (entry["type"], entry["changes"]) == ("BookingNoted", {"note": [None, "Afraid of the drill"]})
    assert calls.note(reference, "")["note"] is None
    assert calls.events("BookingNoted")[-1].data["has_note"] is False


def test_a_note_overwrites_nothing_that_somebody_else_has_written_meanwhile(calls: Calls) -> None:
    reference = calls.book()["reference"]
    calls.note(reference, "First", version=1)
    with pytest.raises(ChangedMeanwhile):
        calls.note(reference, "Second", version=1)

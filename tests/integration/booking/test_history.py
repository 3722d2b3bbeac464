"""Histories: who did what, from where, and that no later change stays unseen (PRODUCT A1)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from services.booking.model.history import Entry, Head, Personal
from services.booking.store.tables import history
from shared.sealed import Sealer
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, KEYS, NOW, STAFF, START, World
from tests.builders.lying_open import lying_open
from tests.integration.booking.calls import BO, Calls

HALF_HOUR = timedelta(minutes=30)


def test_the_history_tells_who_did_what_from_where(calls: Calls) -> None:
    """A1."""
    booked = calls.book()
    calls.world.now += timedelta(hours=1)
    calls.change(STAFF, booked["reference"], start=(START + HALF_HOUR).isoformat())
    created, moved = calls.history(STAFF, booked["reference"])["history"]
    assert (created["type"], created["actor"]) == ("BookingCreated", {"kind": "patient", "id": None})
    assert created["changes"]["start"] == [None, "2026-12-01T14:00:00+01:00"]
    assert moved == {
        "at": "2026-11-02T11:00:00+01:00",
        "type": "BookingMoved",
        "actor": {"kind": "staff", "id": "eva@solna.example"},
        "source": "192.0.2.7",
        "changes": {
            "start": ["2026-12-01T14:00:00+01:00", "2026-12-01T14:30:00+01:00"],
            "end": ["2026-12-01T14:30:00+01:00", "2026-12-01T15:00:00+01:00"],
        },
        "version": 2,
    }


def test_the_history_as_it_is_stored_holds_nothing_personal(database: Database) -> None:
    """A3: not even from where somebody came."""
    calls = Calls(World(database))
    booked = calls.book(message="Ring på")
    calls.change(STAFF, booked["reference"], start=(START + HALF_HOUR).isoformat())
    calls.cancel(booked["manage_token"], "Maja är sjuk")
    with database.reading() as connection:
        stored = lying_open(connection.execute(select(history)).all(), KEYS.people)
    assert not any(word in stored for word in ("Maja", "sjuk", "Lund", "701234567", "maja@", "Ring", "192.0.2"))
    told = str(calls.history(STAFF, booked["reference"]))
    assert not any(word in told for word in ("Lund", "701234567", "maja@", "Ring"))
    verified = calls.by(STAFF).verify_history(CLINIC)
    assert (verified["checked"], verified["entries"], verified["broken"]) == (1, 3, [])


def test_a_source_that_version_0_1_0_wrote_in_clear_is_still_shown_and_verified(database: Database) -> None:
    calls = Calls(World(database))
    reference = calls.book()["reference"]
    with calls.world.work() as store:
        booking = store.booking(reference, for_change=True)
        assert booking is not None
        moved = Entry(
            reference, CLINIC, booking.history_length + 1, NOW, "BookingMoved", {"kind": "patient", "id": None},
            "web 198.51.100.9", {}, 1, booking.history_head, "",
        )  # fmt: skip
        entry = calls.world.desk().chain.linked(moved)
        store.add_history(entry)
        store.set_history_heads([Head(reference, entry.position, entry.hash)])
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    shown = calls.history(STAFF, reference)["history"]
    assert [each["source"] for each in shown] == [None, "web 198.51.100.9", "192.0.2.7"]
    assert calls.by(STAFF).verify_history(CLINIC)["broken"] == []


def test_from_where_a_change_came_is_for_administrators_alone(calls: Calls) -> None:
    reference = calls.book(practitioner="bo")["reference"]
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    assert [each["source"] for each in calls.history(BO, reference)["history"]] == [None, None]


def test_a_source_of_any_length_and_a_key_that_is_gone_lose_no_entry(database: Database) -> None:
    calls = Calls(World(database))
    reference = calls.book()["reference"]
    calls.change(replace(STAFF, source="x" * 500), reference, start=(START + HALF_HOUR).isoformat())
    assert calls.history(STAFF, reference)["history"][1]["source"] == "x" * 80
    with database.reading() as connection:
        stored = connection.scalars(select(history.c.source).where(history.c.position == 2)).one()
    other_key = Personal(Sealer("k2:" + "QUJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="), KEYS.lookup)
    assert (len(stored) < 200, other_key.opened(stored)) == (True, None)


def test_the_history_comes_in_pages(calls: Calls) -> None:
    booked = calls.book()
    for minutes in (30, 60):
        calls.move(booked["manage_token"], START + timedelta(minutes=minutes))
    first = calls.history(STAFF, booked["reference"], limit=2)
    second = calls.history(STAFF, booked["reference"], limit=2, cursor=first["next"])
    assert [len(first["history"]), len(second["history"]), second["next"]] == [2, 1, None]

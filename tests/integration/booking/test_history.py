"""Histories: who did what, from where, and that no later change stays unseen (PRODUCT A1)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from services.booking.model.history import Head, Personal
from services.booking.store.tables import history
from shared.contracts.errors import Forbidden
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
    assert calls.by(STAFF).verify_history(CLINIC) == {"checked": 1, "broken": []}


def test_a_source_that_version_0_1_0_wrote_in_clear_is_still_shown_and_verified(database: Database) -> None:
    calls = Calls(World(database))
    reference = calls.book()["reference"]
    with calls.world.work() as store:
        booking = store.booking(reference, for_change=True)
        assert booking is not None
        entry = calls.world.desk().chain.entry(
            Head(reference, booking.history_length, booking.history_head),
            clinic=CLINIC, at=NOW, type="BookingMoved", actor={"kind": "patient", "id": None},
            source="web 198.51.100.9", changes={}, version=1,
        )  # fmt: skip
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
    other_key = Personal(Sealer("k2:" + "QUJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="))
    assert (len(stored) < 200, other_key.opened(stored)) == (True, None)


def test_the_history_comes_in_pages(calls: Calls) -> None:
    booked = calls.book()
    for minutes in (30, 60):
        calls.move(booked["manage_token"], START + timedelta(minutes=minutes))
    first = calls.history(STAFF, booked["reference"], limit=2)
    second = calls.history(STAFF, booked["reference"], limit=2, cursor=first["next"])
    assert [len(first["history"]), len(second["history"]), second["next"]] == [2, 1, None]


TAMPERING = {
    "a changed entry": "UPDATE history SET at = '2020-01-01 00:00:00.000000' WHERE position = 1",
    "a changed detail": "UPDATE history SET source = '198.51.100.1' WHERE position = 2",
    "a missing entry in the middle": "DELETE FROM history WHERE position = 2",
    "a missing last entry": "DELETE FROM history WHERE position = 3",
    "all entries missing": "DELETE FROM history",
}


@pytest.mark.parametrize("tampering", TAMPERING.values(), ids=TAMPERING)
def test_any_later_change_to_a_history_is_detected(database: Database, tampering: str) -> None:
    """A1."""
    calls = Calls(World(database))
    calls.book()
    booked = calls.book(key="other", start=(START + timedelta(hours=3)).isoformat())
    for minutes in (210, 240):
        calls.move(booked["manage_token"], START + timedelta(minutes=minutes))
    administrator = calls.by(STAFF)
    assert administrator.verify_history(CLINIC) == {"checked": 2, "broken": []}
    _without_triggers(
        database, f"{tampering} {'AND' if 'WHERE' in tampering else 'WHERE'} booking = '{booked['reference']}'"
    )
    broken = administrator.verify_history(CLINIC)["broken"]
    assert {each["reference"] for each in broken} == {booked["reference"]}


def _without_triggers(database: Database, statement: str) -> None:
    with database.transaction() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER history_is_append_only_update"))
            connection.execute(text("DROP TRIGGER history_is_append_only_delete"))
            connection.execute(text(statement))
        else:
            connection.execute(text("ALTER TABLE history DISABLE TRIGGER USER"))
            connection.execute(text(statement))
            connection.execute(text("ALTER TABLE history ENABLE TRIGGER USER"))


def test_therapists_do_not_verify_histories(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.by(BO).verify_history(CLINIC)

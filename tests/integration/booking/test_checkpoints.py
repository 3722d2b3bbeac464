"""No history, no booking and no checkpoint goes missing or becomes another unseen (PRODUCT A1, ADR 52)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.booking.handlers.bookings import verifying
from services.booking.handlers.bookings.checkpointing import checkpoint
from shared.contracts.booking import HISTORY_CHECKPOINTED
from shared.contracts.errors import Forbidden, Invalid
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, SERVICE, STAFF, START, World
from tests.integration.booking.calls import BO, Calls
from tests.integration.booking.tampering import tamper

Found = dict[str, Any]


def covered(calls: Calls) -> None:
    """Let checkpoints cover what there is, and patient keep what it is told of them."""
    checkpoint(calls.world.desk(SERVICE))
    calls.anchors.kept = [
        {"number": event.subject_version, "hash": event.data["hash"], "at": event.data["at"]}
        for event in calls.events(HISTORY_CHECKPOINTED)
    ][-1:]


def three_days(calls: Calls) -> list[str]:
    """Book on three days, move on the second and third, and cover each day; return the references."""
    booked: list[dict[str, Any]] = []
    for day in range(3):
        start = START + timedelta(days=day)
        booked.append(calls.book(key=f"day {day}", start=start.isoformat()))
        for hours, each in enumerate(booked[1:], 1):
            calls.change(STAFF, each["reference"], start=(start + timedelta(hours=hours)).isoformat())
        covered(calls)
        calls.world.now += timedelta(days=1)
    return [each["reference"] for each in booked]


def verified(calls: Calls) -> Found:
    """Verify page by page; return all that was broken, and how much was looked at."""
    found: Found = {"broken": [], "checked": 0, "entries": 0, "checkpoints": 0, "waiting": 0}
    cursor: dict[str, Any] = {}
    while True:
        page = calls.by(STAFF).verify_history(CLINIC, **cursor)
        for name in found:
            found[name] += page[name]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def test_what_nobody_touched_is_whole(calls: Calls) -> None:
    three_days(calls)
    assert verified(calls) == {"broken": [], "checked": 3, "entries": 6, "checkpoints": 3, "waiting": 0}


def test_what_no_checkpoint_covers_yet_is_said_and_is_not_broken(calls: Calls) -> None:
    three_days(calls)
    calls.book(key="late", start=(START + timedelta(days=1)).isoformat())
    assert verified(calls) == {"broken": [], "checked": 4, "entries": 7, "checkpoints": 3, "waiting": 1}
    assert calls.by(STAFF).verify_history(CLINIC)["until"] == "2026-11-04T10:00:00+01:00"


TAMPERING: dict[str, list[str]] = {
    "an entry is changed": ["UPDATE history SET at = '2020-01-01 00:00:00' WHERE booking = :third AND position = 1"],
    "an entry's detail is changed": ["UPDATE history SET source = 'x' WHERE booking = :third AND position = 2"],
    "an entry is missing in the middle": ["DELETE FROM history WHERE booking = :second AND position = 2"],
    "an entry is missing at the end": ["DELETE FROM history WHERE booking = :second AND position = 3"],
    "the end is cut off, and the row says so": [
        "DELETE FROM history WHERE booking = :second AND position = 3",
        "UPDATE bookings SET history_length = 2, checkpointed = 2, history_head = (SELECT hash FROM history "
        "WHERE booking = :second AND position = 2) WHERE reference = :second",
    ],
    "two entries are exchanged": [
        "UPDATE history SET position = 99 WHERE booking = :second AND position = 2",
        "UPDATE history SET position = 2 WHERE booking = :second AND position = 3",
        "UPDATE history SET position = 3 WHERE booking = :second AND position = 99",
    ],
    "an entry is put in": [
        "INSERT INTO history SELECT booking, 4, clinic, at, type, actor, source, changes, version, hash, hash, "
        "digests, erased FROM history WHERE booking = :second AND position = 3",
    ],
    "a booking is gone with its history": [
        "DELETE FROM history WHERE booking = :third",
        "DELETE FROM occupancy WHERE booking = :third",
        "DELETE FROM bookings WHERE reference = :third",
    ],
    "a booking is gone, and what covers it": [
        "DELETE FROM history WHERE booking = :third",
        "DELETE FROM occupancy WHERE booking = :third",
        "DELETE FROM bookings WHERE reference = :third",
        "DELETE FROM checkpoint_heads WHERE booking = :third",
    ],
    "the newest day is gone": [
        "DELETE FROM history WHERE booking = :third",
        "DELETE FROM occupancy WHERE booking = :third",
        "DELETE FROM bookings WHERE reference = :third",
        "DELETE FROM history WHERE booking = :second AND position = 3",
        "UPDATE bookings SET history_length = 2, checkpointed = 2, history_head = (SELECT hash FROM history "
        "WHERE booking = :second AND position = 2) WHERE reference = :second",
        "DELETE FROM checkpoint_heads WHERE number = 3",
        "DELETE FROM checkpoints WHERE number = 3",
    ],
    "two checkpoints are exchanged": [
        "UPDATE checkpoints SET number = 9 WHERE number = 1",
        "UPDATE checkpoints SET number = 1 WHERE number = 2",
        "UPDATE checkpoints SET number = 2 WHERE number = 9",
    ],
    "a checkpoint is gone in the middle": [
        "DELETE FROM checkpoint_heads WHERE number = 2",
        "DELETE FROM checkpoints WHERE number = 2",
    ],
    "all checkpoints are gone": [
        "DELETE FROM checkpoint_heads",
        "DELETE FROM checkpoints",
        "UPDATE bookings SET checkpointed = 0",
    ],
    "a booking is to be covered by none": ["UPDATE bookings SET checkpointed = 7 WHERE reference = :third"],
}
BROKEN: dict[str, set[tuple[str | None, int | None, int | None]]] = {
    "an entry is changed": {("third", 1, None)},
    "an entry's detail is changed": {("third", 2, None)},
    "an entry is missing in the middle": {("second", 3, None), ("second", 2, 2)},
    "an entry is missing at the end": {("second", None, None), ("second", 3, 3)},
    "the end is cut off, and the row says so": {("second", None, None), ("second", 3, 3)},
    "two entries are exchanged": {
        ("second", 2, None), ("second", 3, None), ("second", None, None), ("second", 2, 2), ("second", 3, 3),
    },
    "an entry is put in": {("second", 4, None), ("second", None, None)},
    "a booking is gone with its history": {("third", None, 3)},
    "a booking is gone, and what covers it": {(None, None, 3)},
    "the newest day is gone": {(None, None, 3)},
    "two checkpoints are exchanged": {(None, None, 1), (None, None, 2), (None, None, 3)},
    "a checkpoint is gone in the middle": {(None, None, 3)},
    "all checkpoints are gone": {(None, None, 3)},
    "a booking is to be covered by none": {("third", None, None)},
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_whatever_is_done_to_it_is_found_at_its_place(database: Database, what: str) -> None:
    """A1: changed, removed, inserted, reordered, cut off, taken away whole."""
    calls = Calls(World(database))
    names = dict(zip(("first", "second", "third"), three_days(calls), strict=True))
    named = {f":{name}": f"'{reference}'" for name, reference in names.items()}
    statements = TAMPERING[what]
    for name, reference in named.items():
        statements = [statement.replace(name, reference) for statement in statements]
    tamper(database, *statements)
    called = {reference: name for name, reference in names.items()}
    found = {
        (called.get(each["reference"]), each["position"], each["checkpoint"]) for each in verified(calls)["broken"]
    }
    assert found == BROKEN[what]


def test_another_key_opens_nothing(calls: Calls) -> None:
    three_days(calls)
    calls.anchors.kept = [{"number": 3, "hash": "f" * 64, "at": "2026-11-04T09:00:00+00:00"}]
    assert [each["checkpoint"] for each in verified(calls)["broken"]] == [3]


def test_it_comes_in_pages_that_end_where_the_next_begins(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    three_days(calls)
    whole = verified(calls)
    monkeypatch.setattr(verifying, "BOOKINGS_AT_ONCE", 1)
    monkeypatch.setattr(verifying, "CHECKPOINTS_AT_ONCE", 1)
    assert verified(calls) == whole
    assert calls.by(STAFF).verify_history(CLINIC)["checked"] == 1


@pytest.mark.parametrize("cursor", ["", "x", "bookings", "bookings:é", "checkpoints:", "checkpoints:-1", 7])
def test_a_cursor_that_no_page_gave_is_refused(calls: Calls, cursor: object) -> None:
    with pytest.raises(Invalid):
        calls.by(STAFF).verify_history(CLINIC, cursor=cursor)


def test_therapists_do_not_verify_histories(calls: Calls) -> None:
    with pytest.raises(Forbidden):
        calls.by(BO).verify_history(CLINIC)


def test_what_stands_since_before_checkpoints_is_covered_little_by_little(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.booking.handlers.bookings.checkpointing.MOST_HEADS", 2)
    for hour in range(5):
        calls.book(key=str(hour), start=(START + timedelta(hours=hour)).isoformat())
    desk = calls.world.desk(SERVICE)
    assert [checkpoint(desk) for _ in range(4)] == [True, True, False, False]
    told = calls.events(HISTORY_CHECKPOINTED)
    assert [(event.subject, event.subject_version) for event in told] == [(CLINIC, 1), (CLINIC, 2), (CLINIC, 3)]
    assert verified(calls)["waiting"] == 0


def test_only_one_process_at_a_time_writes_checkpoints(postgres: Database) -> None:
    calls = Calls(World(postgres))
    calls.book()
    with calls.world.work() as store:
        assert store.is_first_to_checkpoint()
        assert checkpoint(calls.world.desk(SERVICE)) is False
    assert calls.events(HISTORY_CHECKPOINTED) == []
    checkpoint(calls.world.desk(SERVICE))
    assert len(calls.events(HISTORY_CHECKPOINTED)) == 1


def test_a_booking_that_somebody_is_changing_waits_for_the_next_checkpoint(postgres: Database) -> None:
    calls = Calls(World(postgres))
    reference = calls.book()["reference"]
    with postgres.transaction() as connection:
        connection.execute(text(f"SELECT * FROM bookings WHERE reference = '{reference}' FOR UPDATE"))
        checkpoint(calls.world.desk(SERVICE))
    assert verified(calls)["waiting"] == 1
    checkpoint(calls.world.desk(SERVICE))
    assert verified(calls)["waiting"] == 0

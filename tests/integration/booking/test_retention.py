"""What is older than the clinic keeps it goes by itself, counted before and told afterwards (PRODUCT A3, ADR 58)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.booking.handlers.bookings import retention
from services.booking.store.tables import bookings, needs, recalls, retention_runs, watch_list
from shared.clinic.retention import over
from shared.retention.deleting import delete_batch
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, MAJA, NOW, STAFF, START, World, a_need, by_recall
from tests.builders.retention import first_look
from tests.integration.booking.calls import Calls
from tests.integration.booking.deleting import delete_old
from tests.integration.booking.dying import kill_in_the_middle
from tests.integration.booking.erased import PERSONAL, a_past, everything, linked, verified
from tests.integration.booking.recalls.clinic import FIRST

LAST_DAY = datetime.fromisoformat("2026-12-31T23:59:00+01:00")
"""Of 30 days after START's."""

GONE = LAST_DAY + timedelta(minutes=1)


def keeping(database: Database, **periods: str) -> Calls:
    """Return the calls at a clinic that keeps things so long."""
    return Calls(World(database, retention=periods))


def counted(calls: Calls, **periods: str) -> dict[str, tuple[Any, Any]]:
    """Return by kind how much a period would delete, and how much was deleted last."""
    told = calls.by(STAFF).retention(CLINIC, **periods)["retention"]
    return {each["kind"]: (each["over"], each["deleted"]) for each in told}


def rows(calls: Calls, table: Any) -> int:
    """Return how many rows a table has."""
    with calls.world.database.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def test_a3_of_an_old_booking_only_when_and_for_what_is_left_and_the_chain_is_whole(database: Database) -> None:
    calls = keeping(database, bookings="30d")
    reference = a_past(calls)
    calls.by(STAFF).watch_done(CLINIC, calls.watch_list(STAFF)["watch_list"][0]["id"])
    calls.world.now = LAST_DAY
    assert counted(calls)["bookings"] == (0, None)
    delete_old(calls)
    assert counted(calls)["bookings"] == (0, 0)
    assert "Lund" in everything(calls), "on the last day it is there"
    calls.world.now = GONE
    assert counted(calls) == {"bookings": (1, 0), "watch_list": (None, None)}
    delete_old(calls)
    assert counted(calls)["bookings"] == (0, 1), "what was counted has gone"
    left = everything(calls)
    assert [text for text in PERSONAL if text in left and text != "Lund"] == ["Maja", "701234567", "maja@"], "her need"
    found = calls.get(reference, STAFF)
    assert (found["type"], found["status"], found["patient"]["last_name"]) == ("visit", "cancelled", None)
    assert calls.find(STAFF, patient=MAJA)["bookings"] == [], "whose it was is forgotten"
    assert verified(calls) == []
    (told,) = calls.events("BookingsErased")
    assert (told.subject, told.actor) == (CLINIC, {"kind": "service", "id": "retention"})
    assert told.data == {"references": [reference], "needs": []}


def test_a3_who_is_still_watched_stays_and_so_does_who_is_to_come(calls: Calls) -> None:
    calls.cancel(calls.book()["manage_token"])
    calls.book(key="to come", start=(START + timedelta(days=60)).isoformat())
    calls.world.change_document(retention={"bookings": "30d", "watch_list": "30d"})
    calls.world.now = GONE
    delete_old(calls)
    assert calls.events("BookingsErased") == []
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    calls.by(STAFF).watch_done(CLINIC, entry["id"])
    calls.world.now += timedelta(days=1)
    assert counted(calls)["bookings"][0] == 1
    delete_old(calls)
    assert rows(calls, watch_list) == 0
    (standing,) = calls.find(STAFF, status="booked")["bookings"]
    assert standing["patient"]["last_name"] == "Lund"


def test_a3_done_entries_of_the_watch_list_go_by_the_day_they_were_done(database: Database) -> None:
    calls = keeping(database, watch_list="30d")
    calls.cancel(calls.book()["manage_token"])
    calls.by(STAFF).watch_done(CLINIC, calls.watch_list(STAFF)["watch_list"][0]["id"])
    calls.world.now = NOW + timedelta(days=30)
    delete_old(calls)
    assert rows(calls, watch_list) == 1
    calls.world.now = NOW + timedelta(days=31)
    assert counted(calls)["watch_list"] == (1, 0)
    delete_old(calls)
    assert (rows(calls, watch_list), counted(calls)["watch_list"]) == (0, (0, 1))


@pytest.mark.parametrize(("state", "days", "left"), [("closed", 35, 0), ("closed", 34, 1), ("open", 400, 1)])
def test_a3_needs_go_with_their_recalls_once_nobody_can_use_them(
    database: Database, state: str, days: int, left: int
) -> None:
    """The week of START ends on the 6th of December; visits can be used without end."""
    calls = keeping(database, needs="30d")
    calls.hear(a_need())
    calls.issue(need=FIRST, send=["email"])
    if state == "closed":
        calls.hear(a_need(version=2, state="closed"))
    calls.world.now = START + timedelta(days=days + 1)
    delete_old(calls)
    assert (rows(calls, needs), rows(calls, recalls)) == (left, left)
    told = [event.data["needs"] for event in calls.events("BookingsErased")]
    assert told == ([] if left else [[FIRST]]), "notification empties their messages"


def test_a3_a_used_need_is_no_longer_known_once_its_booking_is_nobody_s(calls: Calls) -> None:
    calls.hear(a_need())
    calls.hear(linked(calls.book(by_recall(FIRST), need=FIRST)["reference"]))
    calls.world.change_document(retention={"needs": "30d", "bookings": "30d"})
    calls.world.now = GONE
    delete_old(calls)
    (told,) = calls.events("BookingsErased")
    assert told.data["needs"] == [FIRST], "patient deletes it, notification empties its messages"
    assert "Lund" not in everything(calls)


def test_a3_a_run_goes_on_where_it_was_interrupted_and_counts_each_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = keeping(database, bookings="30d")
    for number in range(3):
        start = (START + timedelta(hours=number)).isoformat()
        calls.hear(linked(calls.book(key=f"{number}", start=start)["reference"]))
    calls.world.now = GONE
    monkeypatch.setattr(retention, "AT_ONCE", 1)

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        delete_old(calls, interrupted)
    assert counted(calls)["bookings"] == (2, 1)
    delete_old(calls)
    assert counted(calls)["bookings"] == (0, 3)
    assert [len(event.data["references"]) for event in calls.events("BookingsErased")] == [1, 1, 1]
    assert verified(calls) == []


def test_a3_who_dies_in_the_middle_has_done_nothing_by_halves(postgres: Database, booking_postgres_url: str) -> None:
    calls = keeping(postgres, bookings="30d")
    calls.book()
    calls.world.now = GONE
    first_look(calls.world.work, CLINIC, GONE)
    before = everything(calls)
    client = {"do": "delete old", "retention": {"bookings": "30d"}, "now": GONE.isoformat()}
    kill_in_the_middle(booking_postgres_url, client)
    assert everything(calls) == before
    delete_old(calls)
    assert counted(calls)["bookings"] == (0, 1)


def test_a3_two_processes_delete_each_thing_once(postgres: Database) -> None:
    """The second is at it while the first holds the lock, or finds the day's run done."""
    calls = keeping(postgres, bookings="30d")
    for number in range(3):
        calls.book(key=f"{number}", start=(START + timedelta(hours=number)).isoformat())
    calls.world.now = GONE
    found = over(CLINIC, calls.world.documents.document, "30d", GONE)
    assert found is not None
    with calls.world.work() as store:
        assert store.is_alone_to_delete()
        assert not delete_batch(calls.world.desk(STAFF), retention.KINDS[0], found), "another is at it"
    assert rows(calls, retention_runs) == 0
    delete_old(calls)
    delete_old(calls)
    assert len(calls.events("BookingsErased")) == 1
    with calls.world.database.reading() as connection:
        assert connection.scalar(select(func.count()).where(bookings.c.erased_at.is_not(None))) == 3

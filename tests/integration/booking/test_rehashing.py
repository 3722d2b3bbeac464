"""What booking is found by is hashed anew with a newer key, while others work (PRODUCT A3, ADR 59)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.booking.lookups import LOOKUPS, linked_by
from services.booking.store import metadata
from services.booking.store.tables import bookings, history, recalls
from shared.contracts.errors import WrongLogin
from shared.lookups import Openers, named
from shared.sealed import Sealer
from shared.storage.database import Database
from shared.storage.keys import walking
from shared.storage.keys.rehashing import NOBODYS, HashedTable
from tests.builders.booking.world import KEYS, MAJA, STAFF, START, World, a_need, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import RECORD

NEW = replace(KEYS, lookup="new-key")
OPENERS = Openers(KEYS.people, Sealer("n:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="))
BOTH = named([NEW.lookup, KEYS.lookup])
NEWEST, OLD = BOTH


def tables(keys: dict[str, str] = BOTH) -> list[HashedTable]:
    return [HashedTable(each, metadata, keys, OPENERS) for each in LOOKUPS]


def found(database: Database) -> Counter[str]:
    """Return how many rows are found by each key."""
    return sum((each.found(page) for each in tables() for page in each.pages(database)), Counter[str]())


def rehashed(database: Database) -> Counter[str]:
    """Hash everything anew once; return what was."""
    done: Counter[str] = Counter()
    for hashed in tables():
        for page in hashed.pages(database):
            if wanted := hashed.to_rehash(page):
                done += hashed.rehash(database, wanted)
    return done


def a_day(calls: Calls) -> dict[str, Any]:
    """Let a booking of the web be made, one of staff, and recalls of a booking and of a need; return the recall."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    calls.hear(a_need(person={"birth_date": RECORD["birth_date"]}))
    recalled = calls.recall(start=(START + timedelta(hours=4)).isoformat())
    calls.book()
    calls.book(STAFF, start=(START + timedelta(hours=2)).isoformat())
    return recalled


def test_a3_everything_is_found_by_the_new_key_alone_afterwards(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page; logins (M7) and codes of recalls (M2) find the same as before, and a second walk finds nothing."""
    monkeypatch.setattr(walking, "AT_ONCE", 1)
    calls = Calls(World(database))
    recall = a_day(calls)
    mine = [each["reference"] for each in calls.my_bookings(logged_in())["bookings"]]
    before = found(database)
    assert before == {OLD: before[OLD]}
    assert before[OLD] >= 3
    assert rehashed(database) == before
    assert found(database) == {NEWEST: before[OLD]}
    assert rehashed(database) == {}
    calls.world.keys = NEW
    assert [each["reference"] for each in calls.my_bookings(logged_in())["bookings"]] == mine
    assert calls.open_recall(code=recall["code"], birth_date=RECORD["birth_date"])["manage_token"]
    calls.world.keys = KEYS
    with pytest.raises(WrongLogin):
        calls.open_recall(code=recall["code"], birth_date=RECORD["birth_date"])


def test_a3_what_no_key_explains_is_found_by_what_is_known_now(sqlite: Database) -> None:
    """A key that was taken out too early, or a birth date that was another when the code was given out."""
    calls = Calls(World(sqlite))
    recall = a_day(calls)
    with sqlite.transaction() as connection:
        connection.execute(update(recalls).values(lookup="0" * 64))
    assert found(sqlite)[NOBODYS] == 1
    assert rehashed(sqlite)[NOBODYS] == 1
    calls.world.keys = NEW
    assert calls.open_recall(code=recall["code"], birth_date=RECORD["birth_date"])["manage_token"]


def test_a3_a_booking_that_somebody_is_changing_is_passed_over(postgres: Database) -> None:
    calls = Calls(World(postgres))
    reference = calls.book()["reference"]
    hashed = tables()[0]
    with postgres.transaction() as connection:
        connection.execute(select(bookings).where(bookings.c.reference == reference).with_for_update())
        assert hashed.rehash(postgres, [(reference,)]) == {}
    assert hashed.rehash(postgres, [(reference,)]) == {OLD: 1}


def test_a3_entries_of_histories_are_counted_by_the_key_that_linked_them(sqlite: Database) -> None:
    """A1: they stay as they were written."""
    calls = Calls(World(sqlite))
    reference = calls.book()["reference"]
    calls.world.keys = replace(NEW, other_lookups=(KEYS.lookup,))
    calls.change(STAFF, reference, start=(START + timedelta(hours=1)).isoformat())
    calls.change(STAFF, reference, start=(START + timedelta(hours=2)).isoformat())
    with sqlite.reading() as connection:
        entries = connection.execute(select(history)).mappings().all()
    assert Counter(linked_by(each, BOTH, OPENERS) for each in entries) == {NEWEST: 2, OLD: 1}
    assert {linked_by(each, named(["stranger"]), OPENERS) for each in entries} == {None}

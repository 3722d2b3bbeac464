"""What only grows: history, repeated requests, the watch list (PRODUCT A1, B13, M5)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import DBAPIError

from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.booking.store_contract.rows import an_entry, book
from tests.integration.store_contracts import waits

Work = UnitOfWork[BookingStore]

INSTANT = timedelta(microseconds=1)
HOME = timezone(HOUR)


def test_a1_history_comes_back_as_it_was_written_in_order(work: Work) -> None:
    book(work, "A", "B")
    exact = an_entry(
        10, at=(NOW + INSTANT).astimezone(HOME), actor={"kind": "staff", "id": "Åsa@solna.example"}, source="192.0.2.7",
        changes={"z": ["ö", None], "a": [1, {"y": True, "b": "'\"\\"}]}, version=2, previous_hash="e" * 64,
    )  # fmt: skip
    with work() as store:
        store.add_history(exact, an_entry(2), an_entry(1), an_entry(1, "B"))
        store.add_history()
        assert store.history_entries("A", 0, 9) == [an_entry(1), an_entry(2), exact]
        assert store.history_entries("A", 0, 2) == [an_entry(1), an_entry(2)]
        assert store.history_entries("A", 2, 9) == [exact]
        assert store.history_entries("A", 10, 9) == []
        assert store.history_entries("A", 2, 1)[0].at.tzinfo is UTC
    with pytest.raises(DBAPIError), work() as store:
        store.add_history(an_entry(2, changes={"other": []}))
    with pytest.raises(DBAPIError), work() as store:
        store.add_history(an_entry(1, "nobody"))


def test_b13_a_request_is_answered_once_for_as_long_as_its_key_is_kept(work: Work) -> None:
    since, answer = NOW - HOUR, {"status": 201, "body": {"ö": [None, True]}}
    with work() as store:
        assert store.first_answer(CLINIC, "k", since) is None
        assert store.begin_answer(CLINIC, "k", "hash", NOW, since) is True
        assert store.first_answer(CLINIC, "k", since) == ("hash", None)
        store.keep_answer(CLINIC, "k", answer)
        assert store.begin_answer(CLINIC, "k", "other", NOW, since) is False
        assert store.begin_answer("lund", "k", "other", NOW, since) is True
        assert store.begin_answer(CLINIC, "K", "other", NOW, since) is True
        assert store.first_answer(CLINIC, "k", (NOW - INSTANT).astimezone(HOME)) == ("hash", answer)
        assert store.first_answer(CLINIC, "k", NOW) is None
        assert store.begin_answer(CLINIC, "k", "new", NOW + HOUR, NOW) is True, "the old one is kept no longer"
        assert store.first_answer(CLINIC, "k", NOW) == ("new", None)
        store.forget_answers(NOW)
        assert store.first_answer("lund", "k", since) is not None
        store.forget_answers(NOW + INSTANT)
        assert store.first_answer("lund", "k", since) is None
        assert store.first_answer(CLINIC, "k", since) == ("new", None)


def test_b13_the_same_request_at_once_waits_for_the_first(work: Work) -> None:
    with work() as store:
        store.begin_answer(CLINIC, "k", "hash", NOW, NOW - HOUR)
        assert waits(work, lambda store: store.begin_answer(CLINIC, "k", "hash", NOW, NOW - HOUR))
        others = waits(work, lambda store: store.begin_answer(CLINIC, "l", "hash", NOW, NOW - HOUR))
        assert others is work.database.is_sqlite


def on_the_list(work: Work, *, done: bool = False, practitioner: str | None = None, size: int = 2) -> list[str]:
    """Return the ids of a watch list, read page by page."""
    found: list[str] = []
    after: tuple[datetime, str] | None = None
    with work.reading() as store:
        while page := store.watch_list(CLINIC, practitioner, after, size, done=done):
            assert len(page) <= size
            found += [entry.id for entry in page]
            assert len(found) == len(set(found)), "none twice"
            last = page[-1]
            after = (last.done_at if done and last.done_at else last.at, last.id)
    return found


def test_m5_the_watch_list_is_oldest_first_and_what_is_done_latest_first(work: Work) -> None:
    book(work, *"ABCDE")
    book(work, "F", practitioner="bo")
    book(work, "G", clinic="lund")
    with work() as store:
        for id, reference, minutes in (("5", "A", 0), ("4", "B", 0), ("3", "C", 1), ("2", "D", 2), ("1", "E", 3)):
            store.watch(id, CLINIC, reference, NOW + timedelta(minutes=minutes))
        store.watch("6", CLINIC, "F", NOW.astimezone(HOME))
        store.watch("7", "lund", "G", NOW)
        assert (store.watched(CLINIC, "6"), store.watched("lund", "6"), store.watched(CLINIC, "8")) == ("F", None, None)
    assert on_the_list(work) == ["4", "5", "6", "3", "2", "1"]
    assert on_the_list(work, practitioner="bo") == ["6"]
    assert on_the_list(work, done=True) == []
    with work() as store:
        for id, by, moment in (("4", "eva", START), ("5", None, START), ("3", "eva", START + INSTANT)):
            store.tick_off(id, by, moment.astimezone(HOME))
        store.tick_off("4", "bo", START + HOUR)
    assert on_the_list(work) == ["6", "2", "1"]
    assert on_the_list(work, done=True) == ["3", "5", "4"]
    assert on_the_list(work, done=True, practitioner="bo") == []
    with work.reading() as store:
        entry = store.watch_list(CLINIC, None, None, 9, done=True)[2]
    assert (entry.id, entry.at, entry.done_at, entry.done_by) == ("4", NOW, START, "eva")
    assert entry.booking == a_booking(reference="B")
    with work() as store:
        store.untick("4")
    assert on_the_list(work) == ["4", "6", "2", "1"]
    assert on_the_list(work, done=True) == ["3", "5"]


def test_m5_a_booking_stands_on_the_list_once(work: Work) -> None:
    book(work, "A")
    for id in ("1", "2"):
        with work() as store:
            store.watch(id, CLINIC, "A", NOW)
    assert on_the_list(work) == ["1"]

"""What staff may take back for a minute, and of what patients are still to be told (PRODUCT C10)."""

from datetime import timedelta

import pytest

from services.booking.model.bookings import CANCELLED
from services.booking.model.undo import Before, Undo
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.booking.bookings import HOUR
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.booking.store_contract.rows import a_need, book, keep
from tests.integration.store_contracts import waits

Work = UnitOfWork[BookingStore]

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def an_undo(**changes: object) -> Undo:
    """Return by what a move of Eva's is taken back until a minute from NOW."""
    before = Before(
        type="visit", practitioner="anna", starts_at=START, ends_at=START + HOUR, busy_from=START,
        busy_to=START + HOUR, minutes=60, resources=("room-1",), revision=1, not_told=None,
    )  # fmt: skip
    known = {"version": 2, "by": {"kind": "staff", "id": "eva"}, "hold": "h", "until": NOW + MINUTE, "before": before}
    return Undo(**{**known, **changes})  # type: ignore[arg-type]


def undo_of(work: Work, reference: str) -> Undo | None:
    """Return by what a booking's newest change is taken back."""
    with work.reading() as store:
        found = store.booking(reference)
    assert found is not None
    return found.undo


def test_c10_by_what_a_change_is_taken_back_is_kept_and_forgotten_when_it_is_over(work: Work) -> None:
    book(work, "A", "B", undo=an_undo())
    book(work, "C", undo=an_undo(until=NOW + 2 * MINUTE))
    assert undo_of(work, "A") == an_undo()
    with work() as store:
        store.forget_undo(NOW, 9)
    assert undo_of(work, "A") == an_undo()
    with work() as store:
        store.forget_undo(NOW + MINUTE, 1)
    assert [undo_of(work, "A"), undo_of(work, "B")].count(None) == 1, "no more than were asked for"
    with work() as store:
        store.forget_undo(NOW + MINUTE, 9)
    assert [undo_of(work, reference) is None for reference in "ABC"] == [True, True, False]


def test_c10_what_somebody_may_still_undo_is_found_by_its_holds_and_given_up(work: Work) -> None:
    book(work, "A", undo=an_undo(hold="a"))
    book(work, "B", undo=an_undo(hold="b", by={"kind": "staff", "id": "ulf"}))
    book(work, "C", undo=an_undo(hold="c", until=NOW))
    book(work, "D", clinic="other", undo=an_undo(hold="d"))
    with work() as store:
        assert store.holds_of_undo(CLINIC, {"kind": "staff", "id": "eva"}, NOW) == {"a": "A"}
        store.give_up_undo(["A"])
        store.give_up_undo([])
    assert [undo_of(work, reference) is None for reference in "AB"] == [True, False]


def test_c10_what_somebody_is_changing_is_not_waited_for(postgres: Database) -> None:
    work = UnitOfWork(postgres, BookingStore)
    book(work, "A", undo=an_undo())
    with work() as changing:
        changing.present("A")
        with work() as store:
            store.give_up_undo(["A"])
    assert undo_of(work, "A") is not None


def test_c10_its_need_is_used_until_the_minute_is_over_by_the_clock(work: Work) -> None:
    """Also before it is forgotten, which comes later."""
    keep(work, a_need("n1"))
    book(work, "A", need="n1", status=CANCELLED, undo=an_undo())
    with work() as store:
        assert store.open_need(CLINIC, "n1", NOW + MINUTE - SECOND) is None
        assert store.open_need(CLINIC, "n1", NOW + MINUTE) is not None


def test_c10_patients_who_are_told_after_all_are_noted(work: Work) -> None:
    book(work, "A", "B", not_told=2)
    with work() as store:
        store.note_told(["A", "nobody"])
        store.note_told([])
    with work.reading() as store:
        told = {reference: store.booking(reference) for reference in "AB"}
    assert {reference: found and found.not_told for reference, found in told.items()} == {"A": None, "B": 2}


def test_c12_what_was_settled_by_a_move_that_is_undone_is_watched_again(work: Work) -> None:
    book(work, "A", "B")
    with work() as store:
        store.watch_for_absence(CLINIC, {"A": "1"}, "ill", NOW)
        store.watch("2", CLINIC, "B", NOW)
        store.settle("A", "eva", NOW)
        store.tick_off("2", "eva", NOW)
        assert store.open_watched(CLINIC, None, 9) == 0
        store.reopen("A")
        store.reopen("B")
        assert store.open_watched(CLINIC, None, 9) == 1, "what was cancelled stays ticked off"


def test_a_booking_that_there_is_is_kept_from_other_writers_and_none_is_an_error(work: Work) -> None:
    book(work, "A")
    with work() as store:
        assert store.present("A").reference == "A"
        assert waits(work, lambda other: other.present("A"))
    with work() as store, pytest.raises(LookupError):
        store.present("nobody")

"""What booking's store must promise of what is older than a clinic keeps it (PRODUCT A3, ADR 58)."""

from dataclasses import replace
from datetime import timedelta

from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.retention import Over, over
from shared.retention.runs import Run
from tests.builders.booking.bookings import HOUR
from tests.builders.booking.world import CLINIC, NOW, START, a_document
from tests.integration.booking.store_contract.rows import a_need, book, keep
from tests.integration.store_contracts import waits

Work = UnitOfWork[BookingStore]


def old() -> Over:
    """Return what is over two months after START, where a month is kept and needs are usable for ten days."""
    types = [{"key": "visit", "name": "B", "length": "30m", "needs": {"days_after_week": 10}}]
    found = over(CLINIC, a_document(types=types), "30d", START + timedelta(days=60))
    assert found is not None
    return found


def test_a3_old_bookings_come_the_oldest_first_without_those_watched_or_erased(work: Work) -> None:
    for reference, hours in (("B", 1), ("A", 2), ("W", 0), ("E", 0)):
        start = START + hours * HOUR
        book(work, reference, starts_at=start, ends_at=start + HOUR, busy_from=start, busy_to=start + HOUR)
    late = old().before - HOUR
    book(work, "L", starts_at=late, ends_at=late + HOUR, busy_from=late, busy_to=late + HOUR)
    book(work, "O", clinic="lund")
    with work() as store:
        store.watch("w" * 32, CLINIC, "W", NOW)
        store.erase_bookings(["E"], "nobody", NOW)
    with work() as store:
        assert [each.reference for each in store.old_bookings(old(), 9)] == ["B", "A"]
        assert [each.reference for each in store.old_bookings(old(), 1)] == ["B"]
        assert (store.count_old_bookings(old(), 9), store.count_old_bookings(old(), 1)) == (2, 1)
        assert waits(work, lambda other: other.bookings_to_erase(CLINIC, "eva")) is work.database.is_sqlite
        store.unlink(["B"])
    with work() as store:
        booking = store.booking("B")
        assert booking is not None
        assert (booking.patient_id, booking.need) == (None, None)


def test_a3_who_was_there_lately_is_who_has_a_booking_since_or_is_watched(work: Work) -> None:
    book(work, "A", patient_id="eva")
    book(work, "B", patient_id="ida", created_at=old().before)
    book(work, "C", patient_id="maj")
    book(work, "D", patient_id="ulf", clinic="lund", created_at=old().before)
    with work() as store:
        store.watch("w" * 32, CLINIC, "C", NOW)
        people = ["eva", "ida", "maj", "ulf"]
        assert store.seen_since(CLINIC, people, old().before) == {"ida", "maj"}
        assert store.seen_since(CLINIC, people, START) == {"eva", "ida", "maj"}


def test_a3_only_needs_that_nobody_can_use_or_uses_are_deleted(work: Work) -> None:
    keep(
        work,
        a_need("closed", state="closed", week="2026-W50"),
        a_need("expired", week="2026-W50"),
        a_need("other type", week="2026-W50", type="roomy"),
        a_need("used", week="2026-W49"),
        a_need("later", week="2026-W52"),
        a_need("lately closed", state="closed", week="2026-W53"),
        a_need("elsewhere", clinic="lund", state="closed"),
    )
    book(work, "A", need="used")
    with work() as store:
        assert store.old_needs(old(), NOW, 9) == ["closed", "expired"]
        assert store.old_needs(old(), NOW, 1) == ["closed"]
        store.delete_needs(["closed", "expired"])
        assert store.old_needs(old(), NOW, 9) == []


def test_a3_done_entries_of_the_watch_list_are_counted_and_deleted(work: Work) -> None:
    book(work, "A", "B", "C")
    with work() as store:
        for id, reference in enumerate("ABC"):
            store.watch(str(id) * 32, CLINIC, reference, NOW)
        store.tick_off("0" * 32, "eva", NOW)
        store.tick_off("1" * 32, "eva", old().before)
        assert store.count_old_watched(old(), 9) == 1
        assert store.delete_old_watched(old(), 9) == 1
        assert (store.watched(CLINIC, "0" * 32), store.watched(CLINIC, "1" * 32)) == (None, "B")


def test_a3_a_run_is_noted_over_the_one_before_by_one_process_at_a_time(work: Work) -> None:
    run = Run(CLINIC, "bookings", NOW.date(), NOW, 3, behind="x")
    with work() as store:
        assert store.run(CLINIC, "bookings") is None
        assert store.is_alone_to_delete()
        store.note_run(run)
        store.note_run(replace(run, deleted=5, is_done=True, behind=None))
    with work.reading() as store:
        assert store.run(CLINIC, "bookings") == replace(run, deleted=5, is_done=True, behind=None)
        assert store.run("lund", "bookings") is None

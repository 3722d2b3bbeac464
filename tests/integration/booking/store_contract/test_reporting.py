"""What the report on online booking is counted in, on each kind of database (PRODUCT A2, ADR 50)."""

from datetime import date, timedelta

from services.booking.model.reporting.counting import Counts, Place
from services.booking.model.reporting.periods import Period
from services.booking.model.reporting.summing import Counted, Refused, Row
from tests.builders.booking.backfilling import begin_backfill
from tests.builders.booking.world import CLINIC, NOW
from tests.integration.booking.store_contract.rows import Work, an_entry, book

DAY = date(2026, 11, 2)
MONTH = Period(date(2026, 11, 1), date(2026, 11, 30))
WEB = Place(CLINIC, DAY, "visit", "anna", "web")
WANTED = {"code": "no_times", "type": "visit", "practitioner": "", "weekday": 2, "hour": None, "count": 3}


def test_a2_what_is_counted_twice_adds_up_and_what_takes_back_takes_off(work: Work) -> None:
    with work() as store:
        store.count({WEB: Counts(bookings=2, lead_minutes=90), WEB._replace(origin="staff"): Counts(moves=1)})
        store.count({WEB: Counts(bookings=1), WEB._replace(clinic="lund"): Counts(bookings=9)})
        store.count({WEB: -Counts(bookings=1, cancellations=-1), WEB._replace(day=date(2026, 12, 1)): Counts(missed=1)})
    with work.reading() as store:
        found = store.counted(CLINIC, MONTH, "day")
        assert sorted(found.rows, key=lambda row: row.of_web) == [
            Row("2026-11-02", False, Counts(moves=1)),
            Row("2026-11-02", True, Counts(bookings=2, cancellations=1, lead_minutes=90)),
        ]
        assert {row.key for row in store.counted(CLINIC, MONTH, "type").rows} == {"visit"}
        assert {row.key for row in store.counted(CLINIC, MONTH, "practitioner").rows} == {"anna"}
        assert store.counted("nowhere", MONTH, "day") == Counted([], [])


def test_a2_refusals_add_up_by_what_was_wanted(work: Work) -> None:
    with work() as store:
        store.count_refusals(CLINIC, DAY, [WANTED, {**WANTED, "code": "slot_taken", "hour": 17, "weekday": None}])
        store.count_refusals(CLINIC, DAY, [WANTED])
    with work.reading() as store:
        assert sorted(store.counted(CLINIC, MONTH, "type").refused, key=lambda each: each.code) == [
            Refused("visit", "no_times", 2, None, 6),
            Refused("visit", "slot_taken", None, 17, 3),
        ]


def test_a2_each_change_is_counted_once(work: Work) -> None:
    with work() as store:
        assert store.first_counted([("B", 1), ("A", 2), ("A", 1), ("A", 1)]) == {("A", 1), ("A", 2), ("B", 1)}
    with work() as store:
        assert store.first_counted([("A", 2), ("A", 3)]) == {("A", 3)}
        assert store.first_counted([]) == set()


def test_a2_a_batch_of_a_gateway_is_counted_once(work: Work) -> None:
    with work() as store:
        assert (store.is_first_batch("b" * 32, NOW), store.is_first_batch("c" * 32, NOW)) == (True, True)
    with work() as store:
        assert not store.is_first_batch("b" * 32, NOW + timedelta(hours=1))


def test_a2_when_changes_were_made_is_in_the_histories(work: Work) -> None:
    book(work, "A", "B")
    with work() as store:
        store.add_history(
            an_entry(1), an_entry(2, type="MessageSent", at=NOW + timedelta(1)),
            an_entry(3, version=2, type="BookingMoved", at=NOW + timedelta(2)), an_entry(1, "B"),
        )  # fmt: skip
        assert store.made_at({("A", 1), ("A", 2), ("C", 1)}) == {("A", 1): NOW, ("A", 2): NOW + timedelta(2)}


def test_what_was_booked_before_comes_page_by_page_until_it_is_all(work: Work) -> None:
    book(work, "B", "C")
    book(work, "A", clinic="lund")
    with work() as store:
        assert store.backfill_from() is None
        begin_backfill(store)
    with work() as store:
        assert store.backfill_from() == ""
        assert [each.reference for each in store.bookings_behind("", 2)] == ["A", "B"]
        store.note_backfill("B")
    with work() as store:
        assert store.backfill_from() == "B"
        assert [each.reference for each in store.bookings_behind("B", 2)] == ["C"]
        store.note_backfill(None)
    with work() as store:
        assert store.backfill_from() is None

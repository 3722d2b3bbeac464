"""What stands in the way of absences on the watch list, and recalls as lists show them (PRODUCT C12, R3)."""

from datetime import timedelta

from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.booking.store_contract.rows import a_need, book, keep

Work = UnitOfWork[BookingStore]

DAY = timedelta(days=1)


def test_c12_a_booking_in_the_way_is_watched_once_for_each_absence_and_settled_by_its_move(work: Work) -> None:
    book(work, "A", "B", "C")
    book(work, "D", practitioner="bo")
    with work() as store:
        store.watch_for_absence(CLINIC, {"A": "1", "B": "2", "D": "3"}, "ill", NOW)
        store.watch_for_absence(CLINIC, {}, "ill", NOW)
        store.watch("4", CLINIC, "C", NOW)
        store.note_absence(["A", "B", "D", "nobody"], "ill")
        assert [store.open_watched(CLINIC, None, 100), store.open_watched(CLINIC, None, 2)] == [4, 2]
        assert (store.open_watched(CLINIC, "bo", 100), store.open_watched("lund", None, 100)) == (1, 0)
        store.settle("A", "eva", NOW)
        store.settle("C", "eva", NOW)
        assert store.open_watched(CLINIC, None, 100) == 3, "what was cancelled is for people to tick off"
        store.watch_for_absence(CLINIC, {"A": "5"}, "ill", NOW + DAY)
        assert store.open_watched(CLINIC, None, 100) == 3, "once for the same absence"
        store.watch_for_absence(CLINIC, {"A": "6"}, "holiday", NOW + DAY)
        store.watch("7", CLINIC, "B", NOW + DAY)
    with work.reading() as store:
        found = {each.booking.reference: each for each in store.watch_list(CLINIC, None, None, 9, done=False)}
        assert {reference: each.absence for reference, each in found.items()} == {
            "A": "holiday", "B": None, "C": None, "D": "ill",
        }  # fmt: skip
        assert (found["A"].id, found["A"].at, found["D"].booking.absence) == ("1", NOW + DAY, "ill")


def test_r3_needs_are_found_by_their_names_and_recalls_to_come_in_pages(work: Work) -> None:
    keep(work, a_need("n1"), a_need("n2", week="2026-W01"), a_need("n3", clinic="lund"))
    book(work, "A", "B", origin="recall")
    book(work, "C", origin="recall", practitioner="bo", starts_at=START + DAY)
    book(work, "D")
    book(work, "E", origin="recall", status="cancelled")
    with work.reading() as store:
        assert [need.id for need in store.needs_named(CLINIC, ["n1", "n2", "n3", "n4"])] == ["n2", "n1"]
        assert store.needs_named(CLINIC, []) == []
        first = store.coming_recalls(CLINIC, NOW, None, None, 2)
        assert [each.reference for each in first] == ["A", "B"]
        after = (first[-1].starts_at, first[-1].reference)
        assert [each.reference for each in store.coming_recalls(CLINIC, NOW, None, after, 2)] == ["C"]
        assert [each.reference for each in store.coming_recalls(CLINIC, NOW, "bo", None, 2)] == ["C"]
        assert store.coming_recalls(CLINIC, START + DAY, None, None, 2) == []

"""Needs, and what calls patients in to them (PRODUCT B9, M2, R2)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from services.booking.model.bookings import CANCELLED, MISSED, RECALLED
from services.booking.model.needs import Need
from services.booking.model.recalls import Recall, Subject
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.booking.store_contract.rows import WEEK, a_need, keep
from tests.integration.store_contracts import waits

Work = UnitOfWork[BookingStore]

INSTANT = timedelta(microseconds=1)


def a_recall(id: str = "r1", **changes: Any) -> Recall:
    """Return a recall to the need n1 that was never sent."""
    known = {"clinic": CLINIC, "booking": None, "need": "n1", "code": "sealed", "lookup": None, "issued": 0}
    return Recall(id=id, **{**known, "channels": (), "created_at": NOW, "issued_at": None, **changes})


def ids(needs: list[Need]) -> list[str]:
    """Return the needs' ids."""
    return [need.id for need in needs]


def test_the_newest_that_was_told_of_a_need_is_kept_whole(work: Work) -> None:
    newest = a_need(
        version=3, clinic="lund", patient="bo", type="laser", practitioner="anna", minutes=5, week="2027-W01",
        state="closed", person="new",
    )  # fmt: skip
    with work() as store:
        for told in (a_need(version=2), a_need(version=2, person="other"), a_need(version=1, person="other")):
            store.keep_needs([told])
        assert store.need(CLINIC, "n1") == store.need_of_any_clinic("n1") == a_need(version=2)
        assert store.need("lund", "n1") is None
        theirs = a_need().patient
        assert [store.needs_of(clinic, theirs) for clinic in (CLINIC, "lund")] == [[a_need(version=2)], []]
        assert store.need_of_any_clinic("N1") is None
        store.keep_needs([newest])
        assert store.need_of_any_clinic("n1") == newest
        assert store.need(CLINIC, "n1") is None


def test_b9_needs_to_use_are_open_and_used_by_no_standing_booking(work: Work) -> None:
    keep(
        work,
        a_need("n3"),
        a_need("n2"),
        a_need("n1", week="2027-W01"),
        a_need("n4", state="closed"),
        a_need("n5", type="laser"),
        a_need("n6", patient="bo", week="2026-W05"),
        a_need("n7", clinic="lund"),
        a_need("used"),
        a_need("missed"),
        a_need("again"),
    )
    with work() as store:
        for reference, need, status in (("A", "used", "booked"), ("B", "missed", MISSED), ("C", "again", CANCELLED)):
            store.add_booking(a_booking(reference=reference, need=need, status=status))
        assert ids(store.open_needs(CLINIC, "visit", NOW, patients={"eva"})) == ["again", "n2", "n3", "n1"]
        assert ids(store.open_needs(CLINIC, "visit", NOW, patients=["eva", "bo"])) == ["n6", "again", "n2", "n3", "n1"]
        assert store.open_needs(CLINIC, "visit", NOW, patients=[]) == []
        assert ids(store.open_needs_of_week(CLINIC, WEEK, NOW)) == ["again", "n2", "n3", "n5"]
        assert ids(store.open_needs_of_week(CLINIC, WEEK, NOW, for_change=True)) == ["again", "n2", "n3", "n5"]
        assert store.open_needs_of_week(CLINIC, "2026-W50", NOW) == []
        for id, is_open in (("n2", True), ("again", True), ("used", False), ("missed", False), ("n4", False)):
            assert (store.open_need(CLINIC, id, NOW) is not None) is is_open
            assert store.claim_need(CLINIC, id, NOW) is is_open
        assert store.open_need(CLINIC, "n7", NOW) is None
        assert store.claim_need(CLINIC, "n7", NOW) is False
        assert store.claim_need(CLINIC, "nothing", NOW) is False


def test_who_claims_a_need_keeps_those_waiting_who_would_use_it(work: Work) -> None:
    keep(work, a_need("n1"), a_need("n2", week="2026-W50"))
    for hold in (
        lambda store: store.claim_need(CLINIC, "n1", NOW),
        lambda store: store.open_needs_of_week(CLINIC, WEEK, NOW, for_change=True),
    ):
        with work() as store:
            hold(store)
            assert waits(work, lambda store: store.claim_need(CLINIC, "n1", NOW))
            assert waits(work, lambda store: store.open_needs_of_week(CLINIC, WEEK, NOW, for_change=True))
            assert waits(work, lambda store: store.claim_need(CLINIC, "n2", NOW)) is work.database.is_sqlite
            with work.reading() as store:
                assert store.open_need(CLINIC, "n1", NOW) is not None
    with work() as store:
        store.open_needs_of_week(CLINIC, WEEK, NOW)
        assert waits(work, lambda store: store.claim_need(CLINIC, "n1", NOW)) is work.database.is_sqlite


def test_a_recall_comes_back_as_it_was_written_and_as_it_was_issued_again(work: Work) -> None:
    keep(work, a_need())
    booked = a_recall(
        "r2", need=None, booking="A", lookup="l" * 64, channels=("sms", "letter"), issued_at=NOW + INSTANT
    )
    again = a_recall(lookup="k" * 64, issued=2, channels=("email",), issued_at=NOW)
    with work() as store:
        store.add_booking(a_booking(reference="A"))
        store.keep_recalls(a_recall(), booked)
        subjects = [Subject(a_need()), Subject(a_booking(reference="A")), Subject(a_need("n9"))]
        assert store.recalls_for(subjects) == {"n1": a_recall(), "A": booked}
        assert store.recalls_for([]) == {}
        store.keep_recalls(again)
        assert store.recalls_for(subjects) == {"n1": again, "A": booked}
        assert store.recall_by_lookup({"x", "k" * 64}) == again
        assert store.recall_by_lookup(["K" * 64]) is None
        assert store.recall_by_lookup([]) is None


@pytest.mark.parametrize(
    "second",
    [{"need": "n1"}, {"need": "n2", "lookup": "l"}, {"need": None}, {"need": "n2", "booking": "A"}, {"need": "n9"}],
)
def test_a_recall_is_to_one_subject_that_is_there_and_is_found_by_one_code(work: Work, second: dict[str, Any]) -> None:
    keep(work, a_need("n1"), a_need("n2"))
    with work() as store:
        store.add_booking(a_booking(reference="A"))
        store.keep_recalls(a_recall(lookup="l"))
    with pytest.raises(DBAPIError), work() as store:
        store.keep_recalls(a_recall("r2", **second))


def test_booked_recalls_are_those_that_stand_by_start(work: Work) -> None:
    with work() as store:
        for reference, changes in {
            "B": {}, "A": {}, "C": {"starts_at": START + HOUR - INSTANT}, "D": {"starts_at": START + HOUR},
            "E": {"starts_at": START - INSTANT}, "F": {"status": CANCELLED}, "G": {"origin": "web"},
            "H": {"clinic": "lund"},
        }.items():  # fmt: skip
            store.add_booking(a_booking(**{"reference": reference, "origin": RECALLED, **changes}))
    with work() as store:
        for for_change in (False, True):
            found = store.booked_recalls(CLINIC, START, START + HOUR, for_change=for_change)
            assert [booking.reference for booking in found] == ["A", "B", "C"]
        assert waits(work, lambda store: store.booking("A", for_change=True))
        assert waits(work, lambda store: store.booking("D", for_change=True)) is work.database.is_sqlite


def test_c1_who_is_called_in_to_somebody_is_theirs_too_until_the_need_is_taken_back(work: Work) -> None:
    called = a_need("1", patient="eva", practitioner="anna")
    with work() as store:
        store.keep_needs(
            [called, a_need("2", patient="bo", practitioner=None), a_need("3", patient="ida", clinic="lund")]
        )
    with work.reading() as store:
        assert store.treated(CLINIC, "anna", ["eva", "bo", "ida"]) == {"eva"}
        assert store.treated(CLINIC, "erik", ["eva", "bo", "ida"]) == set()
    keep(work, replace(called, state="closed", version=called.version + 1))
    with work.reading() as store:
        assert store.treated(CLINIC, "anna", ["eva"]) == set()

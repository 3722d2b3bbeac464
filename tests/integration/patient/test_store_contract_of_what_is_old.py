"""What patient's store must promise of what is older than a clinic keeps it (PRODUCT A3, ADR 58)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.patient.model.needs import Need
from services.patient.model.openings import Opening, Sought
from services.patient.model.told import NeedBooking
from shared.clinic.retention import Over, over
from shared.contracts.envelope import new_event
from shared.retention.runs import Run
from tests.builders.patient.desks import NOW, STAFF, Work
from tests.builders.patient.documents import a_document
from tests.builders.patient.records import a_patient

pytestmark = pytest.mark.both_databases

YEAR = timedelta(days=365)


def old(days: int = 30) -> Over:
    """Return what is over a year after NOW, of things that are kept so many days: the 23rd of October, 2027."""
    found = over("solna", a_document(), f"{days}d", NOW + YEAR)
    assert found is not None
    return found


def a_need(id: str, week: str, **changes: object) -> Need:
    """Return a need of an examination, which can be used until ten days after its week."""
    return replace(Need(id, "solna", "a", "exam", None, 30, week, False, NOW), **changes)  # type: ignore[arg-type]


def test_a3_openings_before_a_day_are_counted_and_deleted_the_oldest_first(work: Work) -> None:
    with work() as store:
        for patient, days in (("c", 0), ("b", -1), ("a", -2)):
            store.note_opening(Opening("solna", patient, old().before + timedelta(days=days), "staff", "ann", "read"))
        store.note_opening(Opening("lund", "a", NOW, "tool", None, "changed"))
        assert (store.count_old_openings(old(), 9), store.count_old_openings(old(), 1)) == (2, 1)
        assert store.delete_old_openings(old(), 1) == 1
        assert [each.patient for each in store.openings("solna", Sought(), None, 9)] == ["b", "c"]
        assert store.delete_old_openings(old(), 9) == 1
        assert len(store.openings("lund", Sought(), None, 9)) == 1


def test_a3_only_needs_that_nobody_can_use_or_uses_are_deleted(work: Work) -> None:
    """A closed one counts from its week's Sunday, an expired one from its last day; hygiene: the Sunday as well."""
    with work() as store:
        store.keep([a_patient(id="a")])
        store.add_needs(
            [
                a_need("closed", "2027-W41", closed=True),
                a_need("closed lately", "2027-W42", closed=True),
                a_need("expired", "2027-W40"),
                a_need("expired lately", "2027-W41"),
                a_need("used", "2027-W01"),
                a_need("without end", "2027-W01", type="visit"),
            ]
        )
        store.note_bookings([NeedBooking("R", "used", True, NOW, 1), NeedBooking("S", "expired", False, NOW, 1)])
    with work() as store:
        assert (store.count_old_needs(old(), 9), store.count_old_needs(old(), 1)) == (2, 1)
        assert store.delete_old_needs(old(), 1) == 1
        assert store.delete_old_needs(old(), 9) == 1
        left = store.needs_by_id("solna", None, None, 9)
        assert [need.id for need in left] == ["closed lately", "expired lately", "used", "without end"]
        assert store.uses_by(["R", "S"]).keys() == {"R"}


def test_a3_records_of_who_no_longer_comes_are_found_page_by_page_and_held_as_they_were(work: Work) -> None:
    with work() as store:
        days = {"a": 3, "b": 2, "n": 4, "y": -400}
        store.keep([a_patient(id=id, created_at=NOW - timedelta(days=each)) for id, each in days.items()])
        store.add_needs([a_need("open", "2026-W01", type="visit", patient="n"), a_need("gone", "2026-W01")])
        (first,) = store.longstanding(old(365), None, 1)
        assert [each.id for each in store.longstanding(old(365), None, 9)] == ["a", "b"]
        assert [each.id for each in store.longstanding(old(365), (first.created_at, first.id), 9)] == ["b"]
        found, told = store.longstanding(old(365), None, 9), store.lately_told()
        assert store.unchanged(old(365), found, told) == ["a", "b"]
        assert store.unchanged(old(365), [each._replace(version=7) for each in found], told) == []
        event = new_event(
            "patient", "PatientUpdated", clinic="solna", subject="a", version=1, data={}, now=NOW,
            actor=STAFF.brief(), correlation_id="c",
        )  # fmt: skip
        store.publish(event)
    with work() as store:
        assert store.unchanged(old(365), found, told) == ["b"], "a has booked meanwhile, maybe"


def test_a3_a_run_is_noted_over_the_one_before(work: Work) -> None:
    run = Run("solna", "patients", NOW.date(), NOW, 3, behind="x")
    with work() as store:
        assert store.is_alone_to_delete()
        assert store.run("solna", "patients") is None
        store.note_run(run)
        store.note_run(replace(run, deleted=5, is_done=True, behind=None))
    with work.reading() as store:
        assert store.run("solna", "patients") == replace(run, deleted=5, is_done=True, behind=None)

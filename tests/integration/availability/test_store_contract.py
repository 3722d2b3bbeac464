"""What availability's store must promise, on PostgreSQL and on SQLite alike (CONTRACTS 4)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from services.availability.model.current import StoredClinic
from services.availability.model.occupancy import Busy, Occupant, State
from services.availability.store import LONGEST_OCCUPANCY, AvailabilityStore, Span, clinics, occupancy, occupants
from tests.integration.availability.conftest import Work
from tests.integration.store_contracts import not_called, waits

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
INSTANT = timedelta(microseconds=1)
ANNA, ROOM = "practitioner:anna", "resource:room-1"


def a_time(start: datetime = NINE, resource: str = ANNA, **changes: Any) -> Busy:
    """Return half an hour from `start`."""
    return Busy(resource, start, start + HALF_HOUR)._replace(**changes)


def an_occupant(
    reference: str = "A", version: int = 1, owner: str = "booking", kept_until: datetime = NINE
) -> Occupant:
    """Return a booking or hold."""
    return Occupant(owner, reference, version, kept_until)


def occupy(store: AvailabilityStore, occupant: Occupant, clinic: str, times: Sequence[Busy]) -> list[Span]:
    """Let one occupant occupy times; return when something was taken or freed by it."""
    return [span for _clinic, span in store.occupy([State(occupant, clinic, times)], NOW)]


def busy(work: Work, start: datetime = NINE, end: datetime = NINE + HALF_HOUR, **changes: Any) -> list[Busy]:
    """Return what of Anna's and the room's time is taken between two moments at solna, in order."""
    asked = {"clinic": "solna", "resources": {ROOM, ANNA}, "start": start, "end": end, "now": NOW, **changes}
    with work.reading() as store:
        return sorted(store.busy(**asked), key=lambda time: time[:3])


def test_each_query_of_the_store_is_called_here() -> None:
    """Those for the set-up's history and its pictures in the module beside this."""
    here = Path(__file__)
    assert not_called(AvailabilityStore, here, here.with_name("test_store_contract_of_the_set_up.py")) == set()


def test_a_document_comes_back_as_written_in_its_order_with_whatever_signs(work: Work) -> None:
    document = {
        "z": {"sv": "Öppet", "fa": "باز"},
        "name": 'a "b" \\ %',
        "a": [None, True, 1, 1.5, ""],
        "10": {},
        "9": [],
    }
    with work() as store:
        assert store.add_clinic("solna", document, NOW)
    with work.reading() as store:
        found = store.clinic("solna")
    assert found == StoredClinic(1, document)
    assert list(found.document or {}) == ["z", "name", "a", "10", "9"]
    assert list((found.document or {})["z"]) == ["sv", "fa"]


def test_a_document_that_is_known_is_not_read_again(work: Work) -> None:
    with work() as store:
        store.add_clinic("solna", {"name": "Solna"}, NOW)
        assert store.clinic("solna", known_revision=1) == StoredClinic(1, None)
        assert store.clinic("solna", known_revision=2) == StoredClinic(1, {"name": "Solna"})
        assert store.clinic("Solna") is None
        assert store.clinic_to_change("Solna") is None


def test_a_clinic_is_made_once_and_the_first_stays(work: Work) -> None:
    with work() as store:
        assert store.add_clinic("solna", {"name": "first"}, NOW)
        assert not store.add_clinic("solna", {"name": "second"}, NOW)
    with work() as store:
        assert not store.add_clinic("solna", {"name": "third"}, NOW)
        assert store.clinic_to_change("solna") == StoredClinic(1, {"name": "first"})


def test_who_changes_a_clinic_is_alone_with_it_and_keeps_no_reader_waiting(work: Work) -> None:
    with work() as store:
        store.add_clinic("lund", {}, NOW)
        store.add_clinic("solna", {}, NOW)
    with work() as store:
        store.clinic_to_change("solna")
        assert waits(work, lambda store: store.clinic_to_change("solna"))
        assert waits(work, lambda store: store.clinic_to_change("lund")) is work.database.is_sqlite
        with work.reading() as store:
            assert store.clinic("solna") == StoredClinic(1, {})


def test_a_change_is_of_one_clinic_and_keeps_its_moment(work: Work) -> None:
    at = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with work() as store:
        for clinic in ("lund", "solna"):
            store.add_clinic(clinic, {"name": clinic}, NOW)
        store.change_clinic("solna", 2, {"name": "new"}, at)
    with work.reading() as store:
        assert store.clinic("solna") == StoredClinic(2, {"name": "new"})
        assert store.clinic("lund") == StoredClinic(1, {"name": "lund"})
        moments = store.connection.execute(select(clinics.c.updated_at).order_by(clinics.c.clinic))
        assert list(moments.scalars()) == [NOW, at.astimezone(UTC)]


def test_clinics_are_listed_by_key_with_name_and_switch(work: Work) -> None:
    documents: dict[str, dict[str, Any]] = {
        "solna": {"name": "Solna «Tand»", "booking": {"active": True}},
        "lund": {"name": "لوند", "booking": {"active": False}},
        "bergen": {"name": "true", "booking": {}},
        "aarhus": {"name": "7"},
    }
    with work() as store:
        assert store.clinics() == []
        for clinic, document in documents.items():
            store.add_clinic(clinic, document, NOW)
        assert store.clinics() == [
            ("aarhus", "7", False),
            ("bergen", "true", False),
            ("lund", "لوند", False),
            ("solna", "Solna «Tand»", True),
        ]


@pytest.mark.parametrize(
    ("start", "end", "is_in_the_way"),
    [
        (NINE, NINE + HALF_HOUR, True),
        (NINE - HALF_HOUR, NINE, False),
        (NINE - HALF_HOUR, NINE + INSTANT, True),
        (NINE + HALF_HOUR, NINE + 2 * HALF_HOUR, False),
        (NINE + HALF_HOUR - INSTANT, NINE + 2 * HALF_HOUR, True),
        (NINE + INSTANT, NINE + 2 * INSTANT, True),
        (NINE - HALF_HOUR, NINE + 2 * HALF_HOUR, True),
    ],
)
def test_time_is_half_open_to_the_microsecond(work: Work, start: datetime, end: datetime, is_in_the_way: bool) -> None:
    with work() as store:
        occupy(store, an_occupant(), "solna", [a_time()])
    assert busy(work, start, end) == ([a_time()] if is_in_the_way else [])


def test_the_longest_time_is_seen_from_its_end(work: Work) -> None:
    longest = a_time(ends_at=NINE + LONGEST_OCCUPANCY)
    with work() as store:
        occupy(store, an_occupant(), "solna", [longest])
    end = longest.ends_at
    assert busy(work, end - INSTANT, end + HALF_HOUR) == [longest]
    assert busy(work, end, end + HALF_HOUR) == []


def test_moments_of_any_zone_are_one_and_come_back_as_utc(work: Work) -> None:
    home = timezone(timedelta(hours=1))
    there = a_time(NINE.astimezone(home), expires_at=(NOW + HALF_HOUR).astimezone(home))
    with work() as store:
        occupy(store, an_occupant(owner="hold"), "solna", [there])
    (found,) = busy(work, NINE.astimezone(timezone(-timedelta(hours=8))))
    assert found == a_time(expires_at=NOW + HALF_HOUR)
    assert {moment.tzinfo for moment in (found.starts_at, found.ends_at, found.expires_at) if moment} == {UTC}


def test_other_clinics_and_other_resources_are_not_in_the_way(work: Work) -> None:
    with work() as store:
        occupy(store, an_occupant("A"), "lund", [a_time()])
        occupy(store, an_occupant("B"), "solna", [a_time(resource="practitioner:bo"), a_time(resource=ROOM)])
    assert busy(work) == [a_time(resource=ROOM)]
    assert busy(work, resources=[]) == []


def test_a_hold_ends_at_its_moment_and_a_booking_never(work: Work) -> None:
    """PRODUCT B12."""
    with work() as store:
        occupy(store, an_occupant("H", owner="hold"), "solna", [a_time(expires_at=NOW + HALF_HOUR)])
        occupy(store, an_occupant("A"), "solna", [a_time(resource=ROOM)])
    assert [time.resource for time in busy(work, now=NOW + HALF_HOUR - INSTANT)] == [ANNA, ROOM]
    assert [time.resource for time in busy(work, now=NOW + HALF_HOUR)] == [ROOM]


def test_an_absence_is_known_by_the_key_it_was_entered_under_until_it_is_forgotten(work: Work) -> None:
    with work() as store:
        assert store.absence_entered("solna", "k", NOW - INSTANT) is None
        store.keep_absence_entered("solna", "k", "hash", "a1", NOW)
        assert store.absence_entered("solna", "k", NOW - INSTANT) == ("hash", "a1")
        assert store.absence_entered("lund", "k", NOW - INSTANT) is None
        assert store.absence_entered("solna", "k", NOW) is None
        store.keep_absence_entered("solna", "k", "other", "a2", NOW + INSTANT)
        assert store.absence_entered("solna", "k", NOW) == ("other", "a2")
        store.forget_absences_entered(NOW + INSTANT)
        assert store.absence_entered("solna", "k", NOW) == ("other", "a2")
        store.forget_absences_entered(NOW + 2 * INSTANT)
        assert store.absence_entered("solna", "k", NOW) is None


def test_only_the_booking_of_that_reference_is_left_out(work: Work) -> None:
    """PRODUCT M4."""
    with work() as store:
        occupy(store, an_occupant("A"), "solna", [a_time()])
        occupy(store, an_occupant("A", owner="hold"), "solna", [a_time(resource=ROOM)])
    assert [time.resource for time in busy(work, but_booking="A")] == [ROOM]
    assert [time.resource for time in busy(work, but_booking="a")] == [ANNA, ROOM]


def test_a_newer_state_takes_its_times_in_place_of_the_older_and_tells_of_both(work: Work) -> None:
    later = a_time(NINE + HALF_HOUR)
    with work() as store:
        taken = occupy(store, an_occupant(), "solna", [a_time(), a_time(resource=ROOM)])
        assert taken == 2 * [(NINE, NINE + HALF_HOUR)]
        moved = occupy(store, an_occupant(version=3), "solna", [later])
        assert sorted(moved) == [*taken, (later.starts_at, later.ends_at)]
        assert all(moment.tzinfo is UTC for span in moved for moment in span)
    assert busy(work, end=NINE + 2 * HALF_HOUR) == [later]


@pytest.mark.parametrize("version", [2, 1])
def test_a_state_that_is_known_or_older_changes_nothing(work: Work, version: int) -> None:
    with work() as store:
        occupy(store, an_occupant(version=2), "solna", [a_time()])
        assert occupy(store, an_occupant(version=version), "solna", []) == []
    assert busy(work) == [a_time()]


def test_who_took_nothing_or_has_ended_is_remembered(work: Work) -> None:
    with work() as store:
        assert occupy(store, an_occupant("A", 2), "solna", []) == []
        assert occupy(store, an_occupant("A", 1), "solna", [a_time()]) == []
        occupy(store, an_occupant("B", 1), "solna", [a_time()])
        assert occupy(store, an_occupant("B", 2**31 - 1), "solna", []) == [(NINE, NINE + HALF_HOUR)]
        assert occupy(store, an_occupant("B", 2), "solna", [a_time()]) == []
    assert busy(work) == []


def test_a_resource_is_taken_once_by_one_occupant(work: Work) -> None:
    with pytest.raises(DBAPIError), work() as store:
        occupy(store, an_occupant(), "solna", [a_time(), a_time(NINE + HALF_HOUR)])
    assert busy(work, end=NINE + 2 * HALF_HOUR) == []


def test_the_sweep_forgets_what_is_over_to_the_moment(work: Work) -> None:
    with work() as store:
        for reference, moment in (("H1", NOW), ("H2", NOW + INSTANT)):
            hold = an_occupant(reference, owner="hold", kept_until=NINE)
            occupy(store, hold, "solna", [a_time(resource=reference, expires_at=moment)])
        for reference, moment in (("A", NOW), ("B", NOW + INSTANT)):
            occupy(store, an_occupant(reference, kept_until=moment), "solna", [a_time(resource=reference)])
        store.sweep(NOW)
        assert set(store.connection.scalars(select(occupancy.c.reference))) == {"H2", "B"}
        assert set(store.connection.scalars(select(occupants.c.reference))) == {"H1", "H2", "B"}
        store.sweep(NINE)
        assert store.connection.scalar(select(func.count()).select_from(occupants)) == 0
        assert store.connection.scalar(select(func.count()).select_from(occupancy)) == 0, "with its occupant"


def test_what_is_known_of_bookings_is_told_with_their_times(work: Work) -> None:
    """What a comparison with booking looks at; holds are none."""
    with work() as store:
        occupy(store, an_occupant("A", 3), "solna", [a_time(), a_time(resource=ROOM)])
        occupy(store, an_occupant("B", 2), "solna", [])
        occupy(store, an_occupant("C", owner="hold"), "solna", [a_time(resource="practitioner:bo")])
        assert store.times_of_bookings(["A", "B", "C", "D"]) == {
            "A": (3, {a_time(), a_time(resource=ROOM)}),
            "B": (2, set()),
        }
        assert store.times_of_bookings([]) == {}


def test_bookings_to_come_are_told_by_clinic_from_where_one_stopped(work: Work) -> None:
    with work() as store:
        for reference in ("C", "A"):
            occupy(
                store,
                an_occupant(reference),
                "solna",
                [a_time(resource=reference), a_time(resource=f"{reference}'s room")],
            )
        occupy(store, an_occupant("B"), "lund", [a_time()])
        occupy(store, an_occupant("D", owner="hold"), "solna", [a_time()])
        assert store.bookings_to_come("solna", NOW, None, None, 9) == ["A", "C"]
        assert store.bookings_to_come("solna", NOW, None, None, 1) == ["A"]
        assert store.bookings_to_come("solna", NOW, "A", None, 9) == ["C"]
        assert store.bookings_to_come("solna", NOW, None, ["B", "C"], 9) == ["C"]
        assert store.bookings_to_come("solna", NOW, None, [], 9) == []
        assert store.bookings_to_come("solna", NINE + HALF_HOUR, None, None, 9) == []


def test_an_occupant_is_forgotten_with_its_times_at_the_version_that_is_known(work: Work) -> None:
    with work() as store:
        occupy(store, an_occupant("A", 2), "solna", [a_time()])
        occupy(store, an_occupant("B"), "solna", [a_time(resource=ROOM)])
        assert store.forget(an_occupant("A"), version=1) == []
        assert store.forget(an_occupant("A"), version=2) == [(NINE, NINE + HALF_HOUR)]
        assert store.forget(an_occupant("B")) == [(NINE, NINE + HALF_HOUR)]
        assert store.forget(an_occupant("nobody")) == []
        assert store.times_of_bookings(["A", "B"]) == {}
    assert busy(work) == []

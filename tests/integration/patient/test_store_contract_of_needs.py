"""What patient's store must promise of needs, on PostgreSQL and on SQLite alike (PRODUCT B10, R3)."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import DBAPIError

from services.patient.model.needs import BOOKED, CLOSED, DUE, EXPIRED, OVERDUE, Need
from services.patient.model.told import NeedBooking
from services.patient.store.needs import Use, Wanted, Weeks
from tests.builders.patient.desks import NOW, Work
from tests.builders.patient.records import a_need, a_patient
from tests.integration.statements import statements
from tests.integration.store_contracts import waits

pytestmark = pytest.mark.both_databases

INSTANT = timedelta(microseconds=1)
WEEKS = Weeks("2026-W48", {"exam": "2026-W46", "hygiene": "2026-W47"})
Kept = tuple[Need, str | None]


def give(work: Work, *needs: Need) -> None:
    """Write needs, and the records of the patients whom they are of."""
    with work() as store:
        store.keep(a_patient(id) for id in {need.patient for need in needs})
        for need in needs:
            store.add_need(need)


def user_of(work: Work, id: str = "n1") -> str | None:
    """Return the booking that uses a need."""
    with work.reading() as store:
        found = store.need("solna", id)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "need",
    [
        a_need(),
        a_need(practitioner="anna", closed=True, version=9, week="2026-W53"),
        a_need(created_at=NOW + INSTANT, minutes=1440),
    ],
)
def test_a_need_comes_back_as_it_was_given(work: Work, need: Need) -> None:
    give(work, need)
    with work.reading() as store:
        assert store.need("solna", "n1") == (need, None)
        assert store.need("lund", "n1") is None
        assert store.need("solna", "N1") is None


def test_moments_of_any_zone_come_back_as_utc(work: Work) -> None:
    give(work, a_need(created_at=NOW.astimezone(timezone(-timedelta(hours=8)))))
    with work.reading() as store:
        found = store.need("solna", "n1")
    assert found is not None
    assert (found[0].created_at, found[0].created_at.tzinfo) == (NOW, UTC)


def test_a_need_is_of_a_patient_who_is_there(work: Work) -> None:
    with pytest.raises(DBAPIError), work() as store:
        store.add_need(a_need())


def test_a_change_is_of_one_need_and_leaves_the_booking_that_uses_it(work: Work) -> None:
    give(work, a_need("n1"), a_need("n2"))
    with work() as store:
        store.note_bookings([NeedBooking("A", "n1", True, NOW, 1)])
        store.replace_need(a_need("n1", version=2, week="2027-W01"))
        assert store.need("solna", "n1") == (a_need("n1", version=2, week="2027-W01"), "A")
        assert store.need("solna", "n2") == (a_need("n2"), None)


def test_who_changes_a_need_is_alone_with_it_and_keeps_no_reader_waiting(work: Work) -> None:
    give(work, a_need("n1"), a_need("n2", closed=True))
    for hold in (
        lambda store: store.need("solna", "n1", to_change=True),
        lambda store: store.needs_told_anew([("solna", "1")]),
        lambda store: [store.note_bookings([NeedBooking("A", "n1", True, NOW, 1)]), store.uses_by(["A"])],
    ):
        with work() as store:
            hold(store)
            assert waits(work, lambda store: store.need("solna", "n1", to_change=True))
            assert waits(work, lambda store: store.note_bookings([NeedBooking("B", "n1", True, NOW, 1)]))
            assert waits(work, lambda store: store.need("solna", "n2", to_change=True)) is work.database.is_sqlite
            with work.reading() as store:
                assert store.need("solna", "n1") is not None


def test_patients_needs_but_the_closed_ones_are_told_anew_by_week_and_id(work: Work) -> None:
    give(
        work,
        a_need("n4", week="2026-W09"),
        a_need("n3", week="2026-W10"),
        a_need("n2", week="2027-W01"),
        a_need("n1", week="2026-W10"),
        a_need("n5", closed=True),
        a_need("n6", patient="2"),
        a_need("n7", clinic="lund"),
    )
    with work() as store:
        told = [(need.id, need.version) for need in store.needs_told_anew([("solna", "1"), ("solna", "nobody")])]
        assert told == [("n4", 2), ("n1", 2), ("n3", 2), ("n2", 2)]
        assert store.needs_told_anew([]) == []
        kept = [store.need(clinic, id) for clinic, id in (("solna", "n1"), ("solna", "n5"), ("lund", "n7"))]
        assert [found[0].version for found in kept if found] == [2, 1, 1]


def expired(need: Need) -> bool:
    """Tell whether a need can no longer be used in `WEEKS`."""
    return need.week < WEEKS.first.get(need.type, "")


def is_open(kept: Kept) -> bool:
    """Tell whether a need is neither closed nor used."""
    return not kept[0].closed and kept[1] is None


def of(kept: Kept, type: str, patient: str | None = None) -> bool:
    """Tell whether a need of this type can be booked with, and is of this patient."""
    return is_open(kept) and not expired(kept[0]) and kept[0].type == type and patient in {None, kept[0].patient}


LISTS: list[tuple[Wanted, Callable[[Kept], bool]]] = [
    (Wanted(), lambda kept: True),
    (Wanted(within=DUE), lambda kept: is_open(kept) and kept[0].week >= WEEKS.this),
    (Wanted(within=OVERDUE), lambda kept: is_open(kept) and kept[0].week < WEEKS.this and not expired(kept[0])),
    (Wanted(within=BOOKED), lambda kept: not kept[0].closed and kept[1] is not None),
    (Wanted(within=EXPIRED), lambda kept: is_open(kept) and expired(kept[0])),
    (Wanted(within=CLOSED), lambda kept: kept[0].closed),
    (Wanted(week="2026-W47"), lambda kept: kept[0].week == "2026-W47"),
    (Wanted(patient="2"), lambda kept: kept[0].patient == "2"),
    (Wanted(type="visit"), lambda kept: kept[0].type == "visit"),
    (Wanted(calendar="anna"), lambda kept: kept[0].practitioner in {None, "anna"}),
    (Wanted(calendar=""), lambda kept: kept[0].practitioner is None),
    (
        Wanted(DUE, "2026-W49", "1", "exam", "anna"),
        lambda kept: of(kept, "exam", "1") and kept[0].week == "2026-W49" and kept[0].practitioner in {None, "anna"},
    ),
    (Wanted(usable_by=(["exam"], ["1"], None)), lambda kept: of(kept, "exam", "1")),
    (
        Wanted(usable_by=(["exam", "visit"], ["1", "2"], None)),
        lambda kept: of(kept, "exam") or of(kept, "visit"),
    ),
    (Wanted(usable_by=(["exam"], ["2"], "n003")), lambda kept: of(kept, "exam", "2") or kept[0].id == "n003"),
    (Wanted(usable_by=(["visit"], [], "n003")), lambda kept: False),
    (Wanted(usable_by=([], ["1", "2"], None)), lambda kept: False),
    (Wanted(usable_by=(["exam"], [], None)), lambda kept: False),
]


def test_r3_each_list_is_what_a_look_at_every_need_tells(work: Work, subtests: pytest.Subtests) -> None:
    weeks = ("2026-W49", "2026-W48", "2026-W47", "2026-W46", "2026-W45", "2025-W52")
    kinds = itertools.product(("exam", "hygiene", "visit"), ("1", "2"), (None, "anna", "bo"), weeks, range(3))
    kept: list[Kept] = []
    for number, (type, patient, practitioner, week, state) in enumerate(kinds):
        wish = {"type": type, "patient": patient, "practitioner": practitioner, "week": week}
        booking = f"B{number:09}" if state == 1 or number % 7 == 0 else None
        kept.append((a_need(f"n{number:03}", closed=state == 2, **wish), booking))
    give(work, *(need for need, _ in kept))
    with work() as store:
        store.add_need(a_need("elsewhere", clinic="lund"))
        for need, booking in kept:
            if booking is not None:
                store.note_bookings([NeedBooking(booking, need.id, True, NOW, 1)])
    assert kept[3][0].id == "n003"
    for wanted, belongs in LISTS:
        with subtests.test(str(wanted)), work.reading() as store:
            expected = sorted(filter(belongs, kept), key=lambda each: (each[0].week, each[0].id))
            assert store.find_needs("solna", wanted, WEEKS, None, 999) == expected


def test_without_a_limit_of_any_type_nothing_has_expired(work: Work) -> None:
    give(work, a_need(week="2000-W01"))
    forever = Weeks("2026-W48", {})
    with work.reading() as store:
        assert store.find_needs("solna", Wanted(EXPIRED), forever, None, 9) == []
        assert store.find_needs("solna", Wanted(OVERDUE), forever, None, 9) == [(a_need(week="2000-W01"), None)]


def test_a_list_comes_in_pages_that_leave_none_out(work: Work) -> None:
    weeks = ("2026-W48", "2027-W01", "2026-W05", "2026-W48", "2026-W48", "2026-W50", "2026-W05")
    give(work, *(a_need(f"n{number}", week=week) for number, week in enumerate(weeks)))
    paged, after = [], None
    with work.reading() as store:
        while page := store.find_needs("solna", Wanted(), WEEKS, after, 2):
            assert len(page) <= 2
            paged += [need.id for need, _ in page]
            after = page[-1][0]
            assert len(paged) <= len(weeks), "none twice"
    assert paged == ["n2", "n6", "n0", "n3", "n4", "n5", "n1"]


def test_the_youngest_booking_that_stands_uses_the_need(work: Work) -> None:
    give(work, a_need("n1"), a_need("n2"))
    home = timezone(timedelta(hours=1))
    for booking, stands, booked_at, version, user in (
        ("A", True, NOW, 1, "A"),
        ("C", True, (NOW + INSTANT).astimezone(home), 1, "C"),
        ("B", True, NOW + INSTANT, 1, "B"),  # of one moment the first by reference
        ("D", False, NOW + 9 * INSTANT, 1, "B"),
        ("B", False, NOW + INSTANT, 2, "C"),
        ("C", False, NOW + INSTANT, 2, "A"),
        ("A", False, NOW, 2, None),
    ):
        with work() as store:
            store.note_bookings([NeedBooking(booking, "n1", stands, booked_at, version)])
        assert user_of(work) == user, (booking, version)
    assert user_of(work, "n2") is None


@pytest.mark.parametrize("version", [2, 1])
def test_what_is_known_of_a_booking_or_older_changes_nothing(work: Work, version: int) -> None:
    give(work, a_need())
    later = datetime(2027, 1, 1, tzinfo=UTC)
    with work() as store:
        store.note_bookings([NeedBooking("A", "n1", False, NOW, 2)])
        store.note_bookings([NeedBooking("A", "n1", True, later, version)])
    assert user_of(work) is None


def test_a_booking_with_a_need_that_is_not_there_is_noted_for_nobody(work: Work) -> None:
    give(work, a_need())
    with work() as store:
        store.note_bookings([NeedBooking("A", "n9", True, NOW, 1)])
        assert store.need("solna", "n9") is None
    assert user_of(work) is None


def test_bookings_that_use_needs_come_in_order_by_clinic_from_where_one_stopped(work: Work) -> None:
    """What a comparison with booking goes through, a page at a time."""
    give(work, *(a_need(id) for id in ("n1", "n2", "n3")), a_need("n4", patient="2", clinic="lund"))
    with work() as store:
        for booking, need, stands in (("C", "n1", True), ("A", "n2", True), ("B", "n3", False), ("D", "n4", True)):
            store.note_bookings([NeedBooking(booking, need, stands, NOW, 1)])
        assert store.users_of_needs("solna", None, None, 9) == ["A", "C"]
        assert store.users_of_needs("solna", None, None, 1) == ["A"]
        assert store.users_of_needs("solna", "A", None, 9) == ["C"]
        assert store.users_of_needs("solna", None, ["C", "D"], 9) == ["C"]
        assert store.users_of_needs("solna", None, [], 9) == []


def test_what_is_noted_of_bookings_is_told_by_booking(work: Work) -> None:
    give(work, a_need("n1"), a_need("n2"))
    with work() as store:
        store.note_bookings([NeedBooking("A", "n1", True, NOW, 1)])
        store.note_bookings([NeedBooking("B", "n2", False, NOW, 3)])
        store.note_bookings([NeedBooking("C", "unheard-of", True, NOW, 1)])
        assert store.uses_by(["A", "B", "C", "D"]) == {
            "A": Use("n1", True, 1, True), "B": Use("n2", False, 3, True), "C": Use("unheard-of", True, 1, True)
        }  # fmt: skip
        assert store.uses_by([]) == {}


def test_what_a_booking_told_of_its_need_is_forgotten_of_that_version_alone(work: Work) -> None:
    give(work, a_need("n1"))
    with work() as store:
        store.note_bookings([NeedBooking("A", "n1", True, NOW, 2)])
        store.forget_booking("A", 1)
        assert list(store.uses_by(["A"])) == ["A"]
        store.forget_booking("A", 2)
        assert store.uses_by(["A"]) == {}


def test_a_booking_that_is_dropped_leaves_its_need_open(work: Work) -> None:
    give(work, a_need("n1"), a_need("n2"))
    with work() as store:
        store.note_bookings([NeedBooking("A", "n1", True, NOW, 1)])
        store.note_bookings([NeedBooking("B", "n2", True, NOW, 1)])
        store.drop_booking("A")
        store.drop_booking("nobody's")
    assert (user_of(work, "n1"), user_of(work, "n2")) == (None, "B")


def test_needs_come_by_id_from_where_one_stopped(work: Work) -> None:
    give(work, *(a_need(id) for id in ("n3", "n1", "n2")), a_need("n0", patient="2", clinic="lund"))
    with work() as store:
        assert [need.id for need in store.needs_by_id("solna", None, None, 2)] == ["n1", "n2"]
        assert [need.id for need in store.needs_by_id("solna", None, "n2", 9)] == ["n3"]
        assert store.needs_by_id("solna", ["n3", "n0"], None, 9) == [a_need("n3")]
        assert store.needs_by_id("solna", [], None, 9) == []


@pytest.mark.parametrize("count", [1, 10])
def test_uses_of_needs_are_noted_by_three_statements_however_many(work: Work, count: int) -> None:
    """ADR 22: the needs, locked; their bookings; who uses them. SQLite is told of each booking by itself."""
    give(work, *(a_need(f"n{number}") for number in range(count)))
    told = [NeedBooking(f"B{number}", f"n{number}", True, NOW, 1) for number in range(count)]
    with work() as store, statements(work.database) as sent:
        store.note_bookings(told)
    assert [key.split()[0] for key, _ in itertools.groupby(said for said, _ in sent)] == ["SELECT", "INSERT", "UPDATE"]
    assert [user_of(work, f"n{number}") for number in range(count)] == [f"B{number}" for number in range(count)]

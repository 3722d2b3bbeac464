"""Bookings, and the lists that people look at (PRODUCT B, M5, M7, S8)."""

import itertools
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from services.booking.model.bookings import BOOKED, CANCELLED, DONE, MISSED, Booking, Link
from services.booking.model.history import Ending, Head
from services.booking.model.requests import Stretch
from services.booking.model.typed import Typed
from services.booking.store import BookingStore
from services.booking.store.tables import bookings
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.store_contracts import not_called, waits

Work = UnitOfWork[BookingStore]

INSTANT = timedelta(microseconds=1)
HOME = timezone(HOUR)
DAY = timedelta(days=1)


def add(work: Work, *made: Booking) -> None:
    """Write bookings."""
    with work() as store:
        for booking in made:
            store.add_booking(booking)


def kept(work: Work, reference: str = "A") -> Booking:
    """Return a booking as it is now."""
    with work.reading() as store:
        found = store.booking(reference)
    assert found is not None
    return found


def references(found: list[Booking]) -> list[str]:
    """Return the bookings' references."""
    return [booking.reference for booking in found]


def of(reference: str, **changes: Any) -> Booking:
    """Return the booking of that reference."""
    return a_booking(reference=reference, **changes)


def test_each_query_of_the_store_is_called_here_or_in_what_the_database_promises() -> None:
    here = Path(__file__).parent
    contract = [*here.glob("test_*.py"), here.parent / "test_store_contract.py"]
    assert not_called(BookingStore, *contract) == set()


@pytest.mark.parametrize(
    "booking",
    [
        of("A"),
        of(
            "A", resources=("room-1", "läser"), hold="h" * 32, patient_id="p", need="n", typed_hash="", history_length=3
        ),
        of("A", contact_differs=("mobile", "email"), sms_reminder=False, typed_hash="f" * 64, history_head="e" * 64),
        of("A", status="missed", created_at=NOW + INSTANT, person="k1:'\"\\%🦷", busy_from=START - DAY),
    ],
)
def test_a_booking_comes_back_as_it_was_written(work: Work, booking: Booking) -> None:
    add(work, of("B"), booking)
    assert kept(work) == booking
    changed = of("A", starts_at=START + DAY, resources=("room-2",), practitioner="bo", version=2, epoch=4)
    with work() as store:
        store.save_booking(changed)
        assert store.booking("A") == changed
        assert store.booking("B") == of("B")
        assert store.booking("a") is None
        assert store.booking("A", for_change=True) == changed


def test_moments_of_any_zone_come_back_as_utc(work: Work) -> None:
    add(work, of("A", starts_at=START.astimezone(HOME), created_at=(NOW + INSTANT).astimezone(HOME)))
    found = kept(work)
    assert (found.starts_at, found.created_at) == (START, NOW + INSTANT)
    assert {found.starts_at.tzinfo, found.busy_to.tzinfo, found.created_at.tzinfo} == {UTC}


@pytest.mark.parametrize("wrong", [{"ends_at": START}, {"busy_from": START + INSTANT}, {"status": "done"}])
def test_what_no_booking_can_be_is_refused(work: Work, wrong: dict[str, Any]) -> None:
    with pytest.raises(DBAPIError):
        add(work, of("A", **wrong))


def test_a_reference_is_of_one_booking(work: Work) -> None:
    add(work, of("A"))
    with pytest.raises(DBAPIError):
        add(work, of("A", clinic="lund"))


def test_who_changes_a_booking_keeps_others_waiting_who_change_it(work: Work) -> None:
    add(work, of("A", patient_id="p"), of("B"))
    for hold in (
        lambda store: store.booking("A", for_change=True),
        lambda store: store.links_to_change(["A", "nobody"]),
        lambda store: store.endings_to_change(["A", "nobody"]),
        lambda store: store.to_come(CLINIC, "p", NOW),
    ):
        with work() as store:
            hold(store)
            assert waits(work, lambda store: store.booking("A", for_change=True))
            assert waits(work, lambda store: store.booking("B", for_change=True)) is work.database.is_sqlite
            with work.reading() as store:
                assert store.booking("A") is not None


def test_one_standing_booking_uses_a_need(work: Work) -> None:
    """PRODUCT B9."""
    add(work, of("A", need="n", status=CANCELLED), of("B", need="n"), of("C"), of("D"))
    with work.reading() as store:
        found = store.booking_of_need("n")
        assert found is not None
        assert found.reference == "B"
        assert store.booking_of_need("N") is None
    with pytest.raises(DBAPIError):
        add(work, of("E", need="n", status="missed"))
    with work() as store:
        store.save_booking(of("B", need="n", status=CANCELLED))
        assert store.booking_of_need("n") is None
        store.add_booking(of("E", need="n", status="missed"))


def test_bookings_are_found_to_change_with_what_is_learnt_of_them(work: Work) -> None:
    add(work, of("A"), of("B"), of("C", clinic="lund"))
    person = of("A").person
    linked = Link("A", CLINIC, "eva", person, ("mobile", "email"))
    with work() as store:
        unlinked = {"A": Link("A", CLINIC, None, person, ()), "C": Link("C", "lund", None, person, ())}
        assert store.links_to_change(["C", "A", "nobody"]) == unlinked
        assert store.links_to_change([]) == {}
        store.set_links([linked, Link("C", "lund", "bo", person, ()), Link("nobody", CLINIC, "bo", person, ())])
        store.set_links([])
        assert store.links_to_change(["A"]) == {"A": linked}
        assert store.booking("A") == of("A", patient_id="eva", contact_differs=("mobile", "email"))
        store.note_differences("A", ())
        assert store.booking("A") == of("A", patient_id="eva")
        store.note_differences("A", ("email",))
        assert store.booking("A") == of("A", patient_id="eva", contact_differs=("email",))
        assert store.booking("B") == of("B")
        assert store.booking("C") == of("C", clinic="lund", patient_id="bo")


def test_the_ends_of_histories_are_found_to_go_on_from_there(work: Work) -> None:
    add(work, of("A", version=3, history_length=7, history_head="h"), of("C", clinic="lund"))
    with work() as store:
        assert store.endings_to_change([]) == {}
        assert store.endings_to_change(["C", "A", "nobody"]) == {
            "A": Ending(CLINIC, 3, Head("A", 7, "h")),
            "C": Ending("lund", 1, Head("C", of("C").history_length, of("C").history_head)),
        }


def many() -> list[Booking]:
    """Return bookings of two clinics, practitioners and patients, in all states, several at each moment."""
    states = (BOOKED, CANCELLED, MISSED)
    kinds = itertools.product((CLINIC, "lund"), ("anna", "bo"), states, ("eva", None), range(3))
    return [
        of(
            f"R{(number * 37) % 72:02}", clinic=clinic, practitioner=practitioner, status=status, patient_id=patient,
            starts_at=START + hours * HOUR,
        )
        for number, (clinic, practitioner, status, patient, hours) in enumerate(kinds)
    ]  # fmt: skip


NARROWED: list[dict[str, Any]] = [
    {},
    {"first": START + HOUR},
    {"last": START + HOUR},
    {"first": (START + HOUR).astimezone(HOME), "last": START + HOUR + INSTANT},
    {"practitioner": "bo"},
    {"patient": "eva"},
    {"reference": "R37"},
    *({"status": status} for status in (BOOKED, CANCELLED, MISSED, DONE)),
    {"practitioner": "anna", "patient": "eva", "status": BOOKED, "first": START, "last": START + DAY},
]


def test_bookings_are_listed_by_start_in_pages_that_leave_none_out(work: Work, subtests: pytest.Subtests) -> None:
    everything, now = many(), START + 2 * HOUR
    add(work, *everything)
    nothing = {"first": None, "last": None, "practitioner": None, "patient": None, "status": None, "reference": None}
    for narrowed in NARROWED:
        wanted = {**nothing, **narrowed}
        with subtests.test(**{name: str(value) for name, value in narrowed.items()}), work.reading() as store:
            expected = [
                booking
                for booking in everything
                if booking.clinic == CLINIC
                and (wanted["first"] is None or booking.starts_at >= wanted["first"])
                and (wanted["last"] is None or booking.starts_at < wanted["last"])
                and wanted["practitioner"] in {None, booking.practitioner}
                and wanted["patient"] in {None, booking.patient_id}
                and wanted["reference"] in {None, booking.reference}
                and wanted["status"] in {None, booking.status_at(now)}
            ]
            expected.sort(key=lambda booking: (booking.starts_at, booking.reference))
            paged: list[Booking] = []
            while True:
                after = (paged[-1].starts_at, paged[-1].reference) if paged else None
                page = store.find_bookings(CLINIC, now=now, after=after, limit=5, **wanted)
                paged += page
                assert len(paged) <= len(expected), "none twice"
                if len(page) < 5:
                    break
            assert paged == expected
            assert expected


def test_m7_a_login_finds_what_was_booked_with_its_mobile_or_for_its_patients(work: Work) -> None:
    mobile, other = "a" * 32, "b" * 32
    add(
        work,
        of("1", starts_at=START + DAY, typed_hash=mobile + "f" * 32),
        of("2", typed_hash=mobile + "0" * 32),
        of("3", typed_hash=other + "0" * 32, patient_id="eva"),
        of("4", typed_hash="", patient_id="eva", status=CANCELLED),
        of("5", typed_hash=other + "0" * 32, patient_id="bo"),
        of("6", typed_hash=mobile + "0" * 32, starts_at=START - INSTANT),
        of("7", typed_hash=mobile + "0" * 32, clinic="lund", patient_id="eva"),
        of("8", typed_hash=None),
        of("9", typed_hash=""),
    )
    with work.reading() as store:

        def found(patients: set[str], typed: Typed, after: tuple[datetime, str] | None = None, limit: int = 9) -> str:
            return "".join(references(store.bookings_of_login(CLINIC, patients, typed, START, after, limit)))

        assert found({"eva"}, [Typed(mobile)]) == "2341"
        assert found({"eva", "bo"}, [Typed(mobile)], limit=2) == "23"
        assert found({"eva", "bo"}, [Typed(mobile)], (START, "3")) == "451"
        assert found(set(), [Typed(mobile)]) == "21"
        assert found(set(), [Typed(mobile, mobile + "f" * 32)]) == "1"
        assert found(set(), [Typed("c" * 32)]) == ""


def test_a_patient_s_bookings_to_come_are_those_that_stand(work: Work) -> None:
    add(
        work,
        of("C", patient_id="eva"),
        of("B", patient_id="eva"),
        of("A", patient_id="eva", starts_at=START + DAY),
        of("D", patient_id="eva", status=CANCELLED),
        of("E", patient_id="eva", starts_at=START - HOUR),
        of("F", patient_id="bo"),
        of("G", patient_id="eva", clinic="lund"),
        of("H"),
    )
    with work() as store:
        assert references(store.to_come(CLINIC, "eva", START - INSTANT)) == ["B", "C", "A"]
        assert references(store.to_come(CLINIC, "eva", START)) == ["A"]


def test_what_a_booking_is_found_by_is_worked_out_once_the_oldest_first(work: Work) -> None:
    add(
        work,
        of("A", created_at=NOW + INSTANT),
        of("B", created_at=NOW),
        of("C", created_at=NOW - DAY, typed_hash=""),
        of("D", created_at=NOW + DAY, clinic="lund"),
    )
    with work() as store:
        assert references(store.not_hashed(2)) == ["B", "A"]
        store.keep_typed_hash("B", "first")
        store.keep_typed_hash("B", "second")
        store.keep_typed_hash("C", "second")
        assert references(store.not_hashed(9)) == ["A", "D"]
    assert (kept(work, "B").typed_hash, kept(work, "C").typed_hash) == ("first", "")


def test_a_booking_whose_differences_were_never_noted_has_none(work: Work) -> None:
    add(work, of("A", contact_differs=("email",)))
    with work() as store:
        store.connection.execute(update(bookings).values(contact_differs=None))
    assert kept(work) == of("A")


WAYS: list[tuple[dict[str, Any], Stretch, bool]] = [
    ({}, Stretch(START, START + HOUR), True),
    ({}, Stretch(START - HOUR, START), False),
    ({}, Stretch((START - HOUR).astimezone(HOME), START + INSTANT), True),
    ({}, Stretch(START + HOUR, START + DAY), False),
    ({}, Stretch(START + HOUR - INSTANT, START + DAY), True),
    ({"busy_from": START - DAY, "busy_to": START + HOUR + DAY}, Stretch(START - DAY, START - DAY + INSTANT), True),
    (
        {"ends_at": START + DAY, "busy_to": START + 2 * DAY - INSTANT},
        Stretch(START + 2 * DAY - 2 * INSTANT, START + 9 * DAY),
        True,
    ),
    ({"status": CANCELLED}, Stretch(START, START + HOUR), False),
    ({"status": MISSED}, Stretch(START, START + HOUR), False),
    ({"clinic": "lund"}, Stretch(START, START + HOUR), False),
    ({}, Stretch(START, START + HOUR, practitioner="anna"), True),
    ({}, Stretch(START, START + HOUR, practitioner="bo"), False),
    ({}, Stretch(START, START + HOUR, resource="room-1"), True),
    ({}, Stretch(START, START + HOUR, resource="room-2"), False),
]


@pytest.mark.parametrize(("changes", "stretch", "is_in_the_way"), WAYS)
def test_s8_what_stands_in_a_stretch_is_in_its_way(
    work: Work, changes: dict[str, Any], stretch: Stretch, is_in_the_way: bool
) -> None:
    booking = of("A", **changes)
    with work() as store:
        store.add_booking(booking)
        store.occupy(booking.clinic, ["resource:room-1"], booking.busy_from, booking.busy_to, booking="A")
        found = store.in_the_way(CLINIC, stretch, NOW, None, 9)
        assert found == ([(START, "A")] if is_in_the_way else [])
        assert store.in_the_way(CLINIC, stretch, START + 9 * DAY, None, 9) == [], "what is over is in nobody's way"


def test_s8_what_is_in_the_way_comes_in_pages(work: Work) -> None:
    add(work, of("B"), of("A"), of("C", starts_at=START + HOUR), of("D", starts_at=START - HOUR))
    whole = Stretch(START - HOUR, START + DAY)
    with work.reading() as store:
        everything = store.in_the_way(CLINIC, whole, NOW, None, 9)
        assert [reference for _, reference in everything] == ["D", "A", "B", "C"]
        assert store.in_the_way(CLINIC, whole, NOW, everything[1], 1) == everything[2:3]
        assert store.in_the_way(CLINIC, whole, NOW, everything[3], 9) == []


def test_named_bookings_come_by_start_and_reference(work: Work) -> None:
    add(work, of("A", starts_at=START + HOUR), of("C"), of("B", status=CANCELLED, clinic="lund"), of("D"))
    with work.reading() as store:
        assert references(store.bookings_named(["A", "C", "B", "nothing"])) == ["B", "C", "A"]
        assert store.bookings_named([]) == []


def test_c1_whose_patients_somebody_s_are(work: Work) -> None:
    add(
        work,
        of("A", patient_id="eva", practitioner="anna"),
        of(
            "B",
            patient_id="eva",
            practitioner="anna",
            status=CANCELLED,
            starts_at=START + DAY,
            ends_at=START + DAY + HOUR,
        ),
        of("C", patient_id="bo", practitioner="erik"),
        of("D", patient_id="eva", practitioner="erik", clinic="lund"),
        of("E", patient_id=None, practitioner="anna", starts_at=START + 2 * DAY, ends_at=START + 2 * DAY + HOUR),
    )
    with work.reading() as store:
        assert store.treated(CLINIC, "anna", ["eva", "bo", "nobody"]) == {"eva"}
        assert store.treated(CLINIC, "erik", ["eva", "bo"]) == {"bo"}
        assert store.treated(CLINIC, "anna", []) == set()

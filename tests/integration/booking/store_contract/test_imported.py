"""What was taken over from a former system, and what is in the way of more of it (PRODUCT C14, B11)."""

from datetime import timedelta

from services.booking.model.bookings import Imported
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.store_contracts import waits

Work = UnitOfWork[BookingStore]

INSTANT = timedelta(microseconds=1)
ANNA, BO, ROOM = "practitioner:anna", "practitioner:bo", "resource:room-1"


def test_what_a_line_has_become_is_found_by_its_key_at_its_clinic_and_is_written_over(work: Work) -> None:
    first, second = Imported("k1", "A", "p1"), Imported("k2", "B", "p2")
    with work() as store:
        store.add_bookings([a_booking(reference="A"), a_booking(reference="B")])
        store.note_imported(CLINIC, [first, second], NOW)
        store.note_imported("lund", [Imported("k3", "A", "p3")], NOW)
        store.note_imported(CLINIC, [Imported("k2", "B", "p4")], NOW)
        store.note_imported(CLINIC, [], NOW)
    with work.reading() as store:
        assert store.imported(CLINIC, ["k1", "k2", "k3"]) == {"k1": first, "k2": Imported("k2", "B", "p4")}
        assert store.imported(CLINIC, []) == {}


def test_what_a_line_has_become_is_forgotten_at_its_clinic_alone(work: Work) -> None:
    with work() as store:
        store.add_bookings([a_booking(reference="A")])
        for clinic in (CLINIC, "lund"):
            store.note_imported(clinic, [Imported(key, "A", "p1") for key in ("k1", "k2")], NOW)
        store.forget_imported(CLINIC, ["k1", "k3"])
        store.forget_imported(CLINIC, [])
        assert store.imported(CLINIC, ["k1", "k2"]).keys() == {"k2"}
        assert store.imported("lund", ["k1", "k2"]).keys() == {"k1", "k2"}


def test_bookings_are_written_together_and_found_by_reference_kept_from_others_where_they_change(work: Work) -> None:
    made = [a_booking(reference=each, resources=("room-1", "laser")) for each in "BA"]
    with work() as store:
        store.add_bookings(made)
    with work.reading() as store:
        assert store.bookings_by_reference([]) == {}
        assert store.bookings_by_reference(["A", "B", "nobody"]) == {each.reference: each for each in made}
    with work() as store:
        assert store.bookings_by_reference(["A"], to_change=True).keys() == {"A"}
        assert waits(work, lambda other: other.booking("A", for_change=True))


def test_what_overlaps_any_of_many_times_is_found_once_and_touching_is_no_overlap(work: Work) -> None:
    here = a_booking(reference="A", practitioner="anna", resources=("room-1",))
    with work() as store:
        store.add_bookings([here])
        store.occupy_for(CLINIC, [here])
        store.occupy_for(CLINIC, [])
    start, end = here.busy_from, here.busy_to
    during, after, before = (start + INSTANT, end - INSTANT), (end, end + HOUR), (start - HOUR, start)
    with work.reading() as store:
        assert store.occupied_at(CLINIC, []) == []
        assert store.occupied_at("lund", [(ANNA, during)]) == []
        assert store.occupied_at(CLINIC, [(ANNA, after), (ANNA, before), (BO, during)]) == []
        found = store.occupied_at(CLINIC, [(ANNA, during), (ANNA, (start, end)), (ROOM, (start - HOUR, end + HOUR))])
    assert sorted((row.resource, row.starts_at, row.ends_at, row.booking, row.hold) for row in found) == [
        (ANNA, start, end, "A", None), (ROOM, start, end, "A", None),
    ]  # fmt: skip
    with work() as store:
        store.free_bookings(["A", "nobody"])
        store.free_bookings([])
    with work.reading() as store:
        assert store.occupied_at(CLINIC, [(ANNA, (START, START + HOUR))]) == []

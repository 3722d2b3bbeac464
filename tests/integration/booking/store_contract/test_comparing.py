"""What bookings are told again from, and compared by, for a page of them at once."""

from datetime import UTC, timedelta, timezone

from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import Event
from tests.builders.booking.bookings import HOUR
from tests.builders.booking.world import CLINIC, NOW, START
from tests.integration.booking.store_contract.rows import a_hold, a_need, an_entry, book, keep

Work = UnitOfWork[BookingStore]

INSTANT = timedelta(microseconds=1)
HOME = timezone(HOUR)
ANNA, BO = "practitioner:anna", "practitioner:bo"


def an_event(id: str, type: str = "BookingCreated", subject: str = "A", clinic: str = CLINIC) -> Event:
    """Return an event that tells of a booking."""
    actor = {"kind": "patient", "id": None}
    return Event(id, type, "booking", NOW.isoformat(), clinic, subject, 1, actor, "c")


def test_histories_come_back_by_booking_each_in_order(work: Work) -> None:
    book(work, "A", "B", "C", "silent")
    book(work, "L", clinic="lund")
    exact = an_entry(10, at=(NOW + INSTANT).astimezone(HOME), changes={"ö": [None, {"y": True}]}, source="192.0.2.7")
    of_lund = an_entry(1, "L", clinic="lund")
    with work() as store:
        for entry in (exact, an_entry(1, "B"), an_entry(2), of_lund, an_entry(1), an_entry(1, "C")):
            store.add_history(entry)
    with work.reading() as store:
        found = store.histories_of(["B", "A", "silent", "nobody"])
        assert dict(found) == {"A": [an_entry(1), an_entry(2), exact], "B": [an_entry(1, "B")]}
        assert found["A"][2].at.tzinfo is UTC
        assert dict(store.histories_of({"L"})) == {"L": [of_lund]}
        assert dict(store.histories_of(["a"])) == dict(store.histories_of([])) == {}


def test_published_events_come_back_by_booking_and_only_of_the_types_asked_for(work: Work) -> None:
    created, moved = "BookingCreated", "BookingMoved"
    with work() as store:
        store.publish(an_event("3"))
        store.publish(an_event("1", moved))
        store.publish(an_event("2", "BookingCancelled"))
        store.publish(an_event("4", subject="B"))
        store.publish(an_event("5", subject="C"))
        store.publish(an_event("6", subject="L", clinic="lund"))
    with work.reading() as store:
        found = store.published_of(["B", "A", "nobody"], [created, moved])
        assert dict(found) == {"A": {"3": created, "1": moved}, "B": {"4": created}}
        assert list(found["A"]) == ["3", "1"], "as they were written"
        assert dict(store.published_of({"A"}, {moved})) == {"A": {"1": moved}}
        assert dict(store.published_of(["L"], [created])) == {"L": {"6": created}}
        assert dict(store.published_of([], [created])) == dict(store.published_of(["A"], [])) == {}
        assert dict(store.published_of(["a"], [created])) == {}


def test_the_time_that_bookings_take_comes_back_by_booking_and_no_hold_s(work: Work) -> None:
    book(work, "A", "B", "C", "nowhere")
    book(work, "L", clinic="lund")
    end = START + HOUR
    with work() as store:
        store.occupy(CLINIC, [ANNA, "room-1"], START.astimezone(HOME), end + INSTANT, booking="A")
        store.occupy(CLINIC, [BO], START, end, booking="B")
        store.occupy(CLINIC, ["room-2"], START, end, booking="C")
        store.occupy("lund", [ANNA], START, end, booking="L")
        store.add_hold(a_hold("A"))
        store.occupy(CLINIC, ["room-3"], START, end, hold="A", expires_at=NOW)
    with work.reading() as store:
        found = store.taken_by(["B", "A", "nowhere", "nobody"])
        of_a = {(ANNA, START, end + INSTANT), ("room-1", START, end + INSTANT)}
        assert dict(found) == {"A": of_a, "B": {(BO, START, end)}}
        assert {starts.tzinfo for _, starts, _ in found["A"]} == {UTC}
        assert dict(store.taken_by({"L"})) == {"L": {(ANNA, START, end)}}
        assert dict(store.taken_by(["a"])) == dict(store.taken_by([])) == {}


def test_m5_bookings_that_were_ticked_off_count_as_watched(work: Work) -> None:
    book(work, "A", "B", "C", "D")
    book(work, "L", clinic="lund")
    with work() as store:
        for id, reference in (("1", "A"), ("2", "B"), ("3", "C")):
            store.watch(id, CLINIC, reference, NOW)
        store.watch("4", "lund", "L", NOW)
        store.tick_off("2", "eva", NOW)
    with work.reading() as store:
        assert store.watched_of(["A", "B", "D", "nobody"]) == {"A", "B"}
        assert store.watched_of({"L"}) == {"L"}
        assert store.watched_of(["a"]) == store.watched_of(["1"]) == store.watched_of([]) == set()


def test_what_is_kept_of_needs_is_their_newest_version_and_not_who_it_is(work: Work) -> None:
    closed = a_need("n2", patient="bo", type="laser", practitioner="anna", minutes=5, week="2027-W01", state="closed")
    keep(work, a_need("n1"), a_need("n1", version=3, minutes=45), closed, a_need("n3"), a_need("n4", clinic="lund"))
    plain = ("eva", "visit", None, 30, "2026-W49", "open")
    with work.reading() as store:
        assert store.needs_kept(["n2", "n1", "nothing"]) == {
            "n1": (3, ("eva", "visit", None, 45, "2026-W49", "open")),
            "n2": (1, ("bo", "laser", "anna", 5, "2027-W01", "closed")),
        }
        assert store.needs_kept({"n4"}) == {"n4": (1, plain)}
        assert store.needs_kept(["N1"]) == store.needs_kept([]) == {}

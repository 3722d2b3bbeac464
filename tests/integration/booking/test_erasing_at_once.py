"""A patient is erased in the very moment in which booking hears of what is theirs (PRODUCT A3, ADR 53)."""

import pytest

from services.booking.handlers.bookings.erasing import forget_patients
from services.booking.handlers.bookings.following import keep_needs, link_patients
from services.booking.handlers.desk import Desk
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.booking.world import STAFF, World, a_need
from tests.integration.booking.calls import Calls
from tests.integration.booking.erased import PERSONAL, erased, everything, linked
from tests.integration.booking.recalls.clinic import FIRST
from tests.integration.while_waiting import LIMIT, while_waiting


@pytest.fixture
def calls(postgres: Database) -> Calls:
    """Return a clinic's calls on PostgreSQL, where transactions run side by side."""
    return Calls(World(postgres))


def desk(calls: Calls) -> Desk:
    """Return the surroundings of what is heard."""
    return calls.world.desk(STAFF)


def in_one(calls: Calls) -> UnitOfWork[BookingStore]:
    """Return transactions that are left open for a while."""
    return UnitOfWork(calls.world.database, BookingStore)


def left(calls: Calls) -> list[str]:
    """Return what of the person is still held."""
    found = everything(calls)
    return [text for text in PERSONAL if text in found]


def test_a3_a_booking_that_is_linked_while_its_patient_is_erased_is_erased_too(calls: Calls) -> None:
    reference = calls.book()["reference"]
    erasure = forget_patients(desk(calls), [erased()])
    with in_one(calls)() as store:
        erasure.write(store, [each for _, each in erasure.prepared])
        waiting = while_waiting(calls.world.database, store, lambda: calls.hear(linked(reference)))
    waiting.result(LIMIT)
    assert left(calls) == []
    assert [told.data["references"] for told in calls.events("BookingsErased")] == [[], [reference]]


def test_a3_a_patient_who_is_erased_while_a_booking_is_linked_is_taken_out_of_it(calls: Calls) -> None:
    reference = calls.book()["reference"]
    linking = link_patients(desk(calls), [linked(reference)])
    with in_one(calls)() as store:
        linking.write(store, [each for _, each in linking.prepared])
        waiting = while_waiting(calls.world.database, store, lambda: calls.hear(erased()))
    waiting.result(LIMIT)
    assert left(calls) == []
    assert [told.data["references"] for told in calls.events("BookingsErased")] == [[reference]]


@pytest.mark.parametrize("first", ["erasure", "need"])
def test_a3_a_need_that_is_heard_of_while_its_patient_is_erased_is_nobody_s(calls: Calls, first: str) -> None:
    erasure, kept = forget_patients(desk(calls), [erased(FIRST)]), keep_needs([a_need()])
    effect, other = (erasure, a_need()) if first == "erasure" else (kept, erased(FIRST))
    with in_one(calls)() as store:
        effect.write(store, [each for _, each in effect.prepared])
        waiting = while_waiting(calls.world.database, store, lambda: calls.hear(other))
    waiting.result(LIMIT)
    assert left(calls) == []

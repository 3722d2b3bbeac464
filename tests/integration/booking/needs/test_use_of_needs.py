"""A need is used once, whatever comes between the look and the commit (PRODUCT B9, CONTRACTS 1)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.booking.model.needs import Need
from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.errors import NeedExpired, NoOpenNeed, SlotTaken
from shared.storage.database import Database
from tests.builders.booking.neighbours import FakeMethod
from tests.builders.booking.world import MAJA, NOW, STAFF, START, World, a_need, by_recall, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.needs.clinic import FIRST, HALF_HOUR, SECOND, controlled


class Blind(BookingStore):
    """Does not see that a need is used."""

    def open_need(self, clinic: str, id: str, now: datetime) -> Need | None:
        """Return the need as if nothing used it."""
        return self.need(clinic, id)


def test_a_need_is_used_once_and_cancelling_opens_it_again(database: Database) -> None:
    calls = Calls(World(database, types=[controlled()]))
    calls.hear(a_need())
    booked = calls.book(logged_in())
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in(), start=(START + 4 * HALF_HOUR).isoformat())
    calls.cancel(booked["manage_token"])
    (cancelled,) = calls.events("BookingCancelled")
    assert (cancelled.data["need"], cancelled.data["status"]) == (FIRST, "cancelled")
    assert calls.book(logged_in())["status"] == "booked"


def test_cancelling_after_the_last_day_leaves_the_need_expired(calls: Calls) -> None:
    calls.world.change_document(types=[controlled(days_after_week=0)])
    calls.hear(a_need(week="2026-W45"))
    token = calls.book(logged_in())["manage_token"]
    calls.world.now = NOW + timedelta(days=8)
    calls.cancel(token)
    with pytest.raises(NeedExpired):
        calls.book(logged_in())


def test_a_missed_appointment_keeps_its_need_used(calls: Calls) -> None:
    calls.hear(a_need())
    calls.book(logged_in())
    (event,) = calls.events("BookingCreated")
    calls.world.now = START + HALF_HOUR
    calls.mark_no_show(event.subject)
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in(), start=(START + 99 * HALF_HOUR).isoformat())


def test_the_database_lets_one_standing_booking_use_a_need(database: Database) -> None:
    """CONTRACTS 1: a second one finds it taken, though nobody looked, and leaves nothing."""
    calls = Calls(World(database, types=[controlled()]))
    calls.hear(a_need())
    calls.book(by_recall(FIRST))
    calls.world.work = UnitOfWork(database, Blind)  # type: ignore[assignment]
    with pytest.raises(Exception, match="too busy"):
        calls.book(by_recall(FIRST), start=(START + 4 * HALF_HOUR).isoformat())
    assert len(calls.events("BookingCreated")) == len({row[1] for row in calls.occupied()}) == 1


@pytest.mark.parametrize("with_hold", [True, False])
def test_a_need_that_is_taken_back_while_its_patient_books_is_refused_in_the_transaction(
    calls: Calls, with_hold: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the lock: nothing is booked, and the hold stays the patient's."""
    calls.hear(a_need())
    held = {"hold": calls.hold(logged_in())["hold"]} if with_hold else {}
    transaction = calls.world.transaction

    def taken_back_first(attempt: Callable[[BookingStore], Any]) -> Any:
        calls.hear(a_need(version=2, state="closed"))
        return transaction(attempt)

    monkeypatch.setattr(calls.world, "transaction", taken_back_first)
    with pytest.raises(NoOpenNeed) as refused:
        calls.book(logged_in(), **held)
    assert refused.value.extra["phone"] == "+46 8 123 45 67"
    assert calls.events("BookingCreated") == []
    calls.world.patients.records[MAJA] = {"first_name": "Maja", "last_name": "Lund"}
    assert calls.book(STAFF, patient={"id": MAJA}, practitioner="bo")["status"] == "booked", "staff need none"


def test_moving_keeps_need_and_length(calls: Calls) -> None:
    calls.hear(a_need())
    token = calls.book(logged_in())["manage_token"]
    moved = calls.move(token, START + 4 * HALF_HOUR)
    assert moved["end"] == "2026-12-01T16:50:00+01:00"
    assert calls.events("BookingMoved")[0].data["need"] == FIRST
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in())


def test_the_history_tells_which_need_is_used(calls: Calls) -> None:
    """A1."""
    calls.hear(a_need())
    booked = calls.book(logged_in())
    assert calls.history(STAFF, booked["reference"])["history"][0]["changes"]["need"] == [None, FIRST]


def test_a_repeated_submit_uses_one_need_and_gives_the_first_answer(calls: Calls) -> None:
    """B13."""
    for id in (FIRST, SECOND):
        calls.hear(a_need(id))
    answers = [calls.book(logged_in(), key="one form") for _ in range(2)]
    assert answers[0] == answers[1]
    assert calls.book(logged_in(), start=(START + 4 * HALF_HOUR).isoformat())["status"] == "booked"


def test_the_second_of_two_equal_submits_gets_the_first_s_answer_though_the_need_is_used(calls: Calls) -> None:
    """B13: a double click, the first booked while the second asks whose the login is."""
    calls.hear(a_need())
    first: list[dict[str, Any]] = []

    def overtaken(clinic: str, **login: Any) -> dict[str, Any]:
        calls.world.patients.of_login = whose
        first.append(calls.book(logged_in(), key="one form"))
        found: dict[str, Any] = whose(clinic, **login)
        return found

    whose, calls.world.patients.of_login = calls.world.patients.of_login, FakeMethod("patient", "of_login", overtaken)
    assert calls.book(logged_in(), key="one form") == first[0]
    assert len(calls.events("BookingCreated")) == 1


def test_a_loser_of_the_time_keeps_the_need_and_sees_times_of_its_length(calls: Calls) -> None:
    """B11."""
    calls.hear(a_need(practitioner="anna"))
    calls.book(STAFF, practitioner="anna")
    with pytest.raises(SlotTaken) as refused:
        calls.book(logged_in())
    first = refused.value.extra["alternatives"][0]
    assert datetime.fromisoformat(first["end"]) - datetime.fromisoformat(first["start"]) == timedelta(minutes=50)
    assert calls.book(logged_in(), start=first["start"])["status"] == "booked"


# Patient's events


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1), (1, 0, 0, 1)])
def test_what_is_heard_of_a_need_may_come_in_any_order_and_repeat(database: Database, order: tuple[int, ...]) -> None:
    calls = Calls(World(database, types=[controlled()]))
    told = (a_need(), a_need(version=2, state="closed"))
    for number in order:
        calls.hear(told[number])
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST))

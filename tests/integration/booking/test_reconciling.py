"""Bookings are told again as they are, and what booking keeps of them besides is compared with them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.booking.handlers.bookings.reconciling import reconcile_needs
from shared.actor import Actor
from shared.contracts.envelope import Event
from shared.contracts.errors import Forbidden
from shared.contracts.reconciling import Retold
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, SERVICE, STAFF, START, TOOL, World, a_need
from tests.builders.retold import ASKED, differing
from tests.integration.booking.calls import Calls
from tests.integration.statements import statements

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def calls(database: Database) -> Calls:
    """Return a clinic's calls, on each kind of database."""
    return Calls(World(database))


def told(calls: Calls, *references: str) -> dict[str, Retold]:
    """Return the bookings as they are told again: all, or those that are named."""
    named = {"references": list(references)} if references else {}
    found = map(Retold.read, calls.by(SERVICE).states(CLINIC, **named)["bookings"])
    return {each.reference: each for each in found}


def differs(calls: Calls, **asked: Any) -> dict[str, list[str]]:
    """Return what of the bookings differs."""
    return differing(calls.by(TOOL).reconcile(CLINIC, **asked))


def break_by_hand(calls: Calls, statement: str, **names: Any) -> None:
    """Change rows behind the service's back."""
    with calls.world.database.transaction() as connection:
        assert connection.execute(text(statement), names).rowcount == 1


def test_a_booking_is_told_again_as_the_event_that_told_of_it(calls: Calls) -> None:
    made, changed, dropped = (calls.book(start=(START + n * HALF_HOUR).isoformat()) for n in (0, 2, 4))
    calls.change(STAFF, changed["reference"], start=(START + timedelta(hours=5)).isoformat())
    calls.cancel(dropped["manage_token"], "ill")
    for name, type in ((made, "BookingCreated"), (changed, "BookingMoved"), (dropped, "BookingCancelled")):
        reference = name["reference"]
        published = [event for event in calls.events() if event.subject == reference]
        again = told(calls, reference)[reference]
        newest = published[-1]
        assert again.event.type == newest.type == type
        assert {**again.event.to_json(), "correlation_id": ""} == {**newest.to_json(), "correlation_id": ""}
        assert again.published == {event.id: event.type for event in published}
        assert again.news == newest.subject_version


def test_what_nobody_is_told_of_is_no_news_and_tells_the_state_all_the_same(calls: Calls) -> None:
    reference = calls.book()["reference"]
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    calls.by(STAFF).set_sms_reminder(CLINIC, reference, on=False)
    again = told(calls)[reference]
    assert (again.event.type, again.event.subject_version, again.news) == ("BookingMoved", 3, 2)
    assert again.event.data["sms_reminder"] is False
    assert again.event.data["previous"]["start"] == START.isoformat()
    assert again.event.id == told(calls)[reference].event.id, "however often it is told"


def test_a_booking_tells_from_which_version_on_it_has_its_link(calls: Calls) -> None:
    """C13."""
    reference = calls.book()["reference"]
    assert told(calls)[reference].link == 0
    calls.by(STAFF).new_link(CLINIC, reference)
    again = told(calls, reference)[reference]
    assert (again.event.type, again.event.subject_version, again.news, again.link) == ("BookingCreated", 2, 1, 2)
    assert set(again.published.values()) == {"BookingCreated", "LinkRenewed"}


def test_bookings_come_in_pages_by_start(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.booking.handlers.bookings.retelling.AT_ONCE", 2)
    made = [calls.book(start=(START + n * HALF_HOUR).isoformat())["reference"] for n in range(3)]
    page = calls.by(SERVICE).states(CLINIC)
    rest = calls.by(SERVICE).states(CLINIC, cursor=page["next"])
    assert [each["event"]["subject"] for each in (*page["bookings"], *rest["bookings"])] == made
    assert rest["next"] is None
    since = calls.by(SERVICE).states(CLINIC, since=(START + HALF_HOUR).isoformat())
    assert [each["event"]["subject"] for each in since["bookings"]] == made[1:]


def test_time_that_is_not_occupied_as_the_booking_says_is_found_and_occupied(calls: Calls) -> None:
    kept, gone = (calls.book(start=(START + n * HALF_HOUR).isoformat())["reference"] for n in (0, 2))
    before = calls.occupied()
    assert differs(calls) == {}
    break_by_hand(calls, "DELETE FROM occupancy WHERE booking = :gone", gone=gone)
    assert differs(calls) == {gone: ["occupied time"]}
    differs(calls, repair=True)
    assert (differs(calls), calls.occupied()) == ({}, before)
    assert kept


def test_time_that_somebody_else_has_by_now_stays_theirs(calls: Calls) -> None:
    """B11."""
    first = calls.book(practitioner="anna")["reference"]
    break_by_hand(calls, "DELETE FROM occupancy WHERE booking = :first", first=first)
    calls.book(practitioner="anna")
    before = calls.occupied()
    assert differs(calls, repair=True) == {first: ["occupied time"]}
    assert calls.occupied() == before
    assert differs(calls) == {first: ["occupied time"]}


def test_what_its_patient_cancelled_comes_onto_the_watch_list_once(calls: Calls) -> None:
    """M5."""
    booked = calls.book()
    calls.cancel(booked["manage_token"])
    by_staff = calls.book()["reference"]
    calls.cancel_as_staff(STAFF, by_staff)
    with calls.world.database.transaction() as connection:
        connection.execute(text("DELETE FROM watch_list"))
    assert differs(calls, repair=True) == {booked["reference"]: ["watch list"]}
    assert differs(calls, repair=True) == {}
    (entry,) = calls.watch_list(STAFF)["watch_list"]
    assert entry["booking"]["reference"] == booked["reference"]


def test_a_history_that_was_cut_is_found(calls: Calls) -> None:
    """A1."""
    reference = calls.book()["reference"]
    break_by_hand(calls, "UPDATE bookings SET history_length = 2 WHERE reference = :name", name=reference)
    assert differs(calls, repair=True) == differs(calls) == {reference: ["history"]}


class Needs:
    """The patient service, as far as it tells of needs."""

    def __init__(self, *events: Event) -> None:
        self.events = events

    def need_states(self, _clinic: str, **_which: Any) -> dict[str, Any]:
        """Return all needs."""
        return {"needs": [event.to_json() for event in self.events], "next": None}


@pytest.mark.parametrize(
    "kept", [None, a_need(version=2, week="2026-W50"), a_need(version=9, week="2020-W01"), a_need(version=1)]
)
def test_the_copy_of_a_need_becomes_what_patient_says(calls: Calls, kept: Event | None) -> None:
    """B9: be it missing, another, newer than it should be, or older."""

    right = a_need(version=2)
    if kept is not None:
        calls.hear(kept)

    def compared(**changes: Any) -> dict[str, list[str]]:
        return differing(reconcile_needs(calls.world.desk(TOOL), Needs(right), CLINIC, {**ASKED, **changes}))

    assert compared(repair=True) == {right.subject: ["copy of the need"]}
    assert compared() == {}


@pytest.mark.parametrize("by", [STAFF, Actor(kind="patient", clinic=CLINIC)], ids=["staff", "patient"])
def test_only_tools_compare_and_only_services_hear_of_all_bookings(calls: Calls, by: Actor) -> None:
    with pytest.raises(Forbidden):
        calls.by(by).reconcile(CLINIC)
    for somebody in (by, TOOL):
        with pytest.raises(Forbidden):
            calls.by(somebody).states(CLINIC)
    assert calls.by(SERVICE).states(CLINIC)["bookings"] == []


@pytest.mark.parametrize("call", ["states", "reconcile"])
def test_a_page_costs_the_same_statements_however_many_bookings_it_holds(calls: Calls, call: str) -> None:
    counts = []
    for number in range(2):
        for last in range(3):
            calls.book(start=(START + (3 * number + last) * HALF_HOUR).isoformat())
        with statements(calls.world.database) as sent:
            getattr(calls.by(SERVICE), call)(CLINIC)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 5, "set-wise"

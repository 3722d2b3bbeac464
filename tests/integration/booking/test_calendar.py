"""The bookings of the staff's calendar (PRODUCT C6): little of each, a therapist's own, in two statements."""

from datetime import timedelta
from typing import Any

import pytest

from shared.actor import PUBLIC, Actor
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, NotFound
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, NOW, STAFF, START, TOOL, World
from tests.integration.booking.calls import Calls
from tests.integration.statements import statements

DAY = {"from": "2026-12-01", "to": "2026-12-01"}
HOUR = timedelta(hours=1)
GATEWAY = Actor(kind="service", id="gateway")
BO = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")


def calendar(calls: Calls, actor: Actor = STAFF, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = calls.by(actor).calendar(CLINIC, **{**DAY, **query})["bookings"]
    return found


def told(reference: str, type: str, version: int) -> Event:
    """Return what notification tells of a message to the booking's patient."""
    data = {"message": "m" * 32, "event": "booked", "channel": "sms", "booking": reference, "state": "failed"}
    return new_event(
        "notification", type, clinic=CLINIC, subject="m" * 32, version=version, data=data, now=NOW,
        actor={"kind": "service", "id": "notification"}, correlation_id="c",
    )  # fmt: skip


def test_c6_the_calendar_shows_little_of_each_booking(calls: Calls) -> None:
    booked = calls.book(type="roomy", practitioner="anna", message="Ring på. " * 20)
    (shown,) = calendar(calls)
    assert shown == {
        "reference": booked["reference"],
        "start": "2026-12-01T14:00:00+01:00",
        "end": "2026-12-01T14:30:00+01:00",
        "practitioner": "anna",
        "resources": ["room-1"],
        "type": "roomy",
        "status": "booked",
        "origin": "web",
        "first_name": "Maja",
        "last_name": "Lund",
        "message": ("Ring på. " * 20)[:120],
        "has_note": False,
        "arrived_at": None,
        "failed_message": False,
        "not_told": False,
        "version": 1,
    }


def test_c6_what_is_over_is_done_what_was_missed_is_shown_and_what_was_cancelled_is_not(calls: Calls) -> None:
    over, missed = calls.book(practitioner="anna"), calls.book(practitioner="bo")
    calls.cancel(calls.book(start=(START + HOUR).isoformat())["manage_token"])
    calls.world.now = START + 2 * HOUR
    calls.mark_no_show(missed["reference"])
    shown = {each["reference"]: each["status"] for each in calendar(calls)}
    assert shown == {over["reference"]: "done", missed["reference"]: "missed"}


def test_n6_a_message_that_reached_nobody_is_seen_until_it_does(calls: Calls) -> None:
    reference = calls.book()["reference"]
    calls.hear(told(reference, "MessageFailed", 1))
    assert calendar(calls)[0]["failed_message"] is True
    calls.hear(told(reference, "MessageSent", 2))
    assert calendar(calls)[0]["failed_message"] is False


def test_c1_a_therapist_gets_the_own_column(calls: Calls) -> None:
    calls.book(practitioner="anna")
    own = calls.book(practitioner="bo")["reference"]
    assert [each["reference"] for each in calendar(calls, BO)] == [own]
    assert len(calendar(calls)) == 2
    assert [each["practitioner"] for each in calendar(calls, practitioner="anna")] == ["anna"]
    with pytest.raises(Forbidden):
        calendar(calls, BO, practitioner="anna")
    with pytest.raises(LoginRequired):
        calendar(calls, PUBLIC)


def test_at_most_fourteen_dates_of_a_clinic_that_there_is(calls: Calls) -> None:
    assert calendar(calls, to="2026-12-14") == []
    for wrong in ({"to": "2026-12-15"}, {"to": "2026-11-30"}, {"from": None}):
        with pytest.raises(Invalid):
            calendar(calls, **wrong)
    with pytest.raises(NotFound):
        calls.by(TOOL).calendar("nowhere", **DAY)


def test_c16_a_feed_is_told_the_least_of_a_practitioner_s_bookings_and_names_where_wanted(calls: Calls) -> None:
    booked = calls.book(practitioner="anna", message="Ring på.")
    calls.book(practitioner="bo")
    calls.cancel(calls.book(start=(START + HOUR).isoformat(), practitioner="anna")["manage_token"])
    asked = {"from": "2026-11-01", "to": "2027-12-05", "practitioner": "anna"}
    least = {
        "reference": booked["reference"],
        "start": "2026-12-01T14:00:00+01:00",
        "end": "2026-12-01T14:30:00+01:00",
        "version": 1,
    }
    assert calls.by(GATEWAY).calendar_feed(CLINIC, **asked)["bookings"] == [least]
    named = {**least, "type": booked["type"], "first_name": "Maja", "last_name": "Lund"}
    assert calls.by(GATEWAY).calendar_feed(CLINIC, **asked, names=True)["bookings"] == [named]
    with pytest.raises(Forbidden):
        calls.by(STAFF).calendar_feed(CLINIC, **asked)
    for wrong in ({"to": "2027-12-06"}, {"practitioner": None}, {"names": "yes"}):
        with pytest.raises(Invalid):
            calls.by(GATEWAY).calendar_feed(CLINIC, **{**asked, **wrong})


def test_a_year_of_a_feed_is_one_statement_however_many_bookings_it_has(postgres: Database) -> None:
    calls = Calls(World(postgres))
    for hour in range(4):
        calls.book(start=(START + hour * HOUR).isoformat(), practitioner="anna")
    asked = {"from": "2026-11-01", "to": "2027-12-05", "practitioner": "anna", "names": True}
    with statements(postgres) as sent:
        assert len(calls.by(GATEWAY).calendar_feed(CLINIC, **asked)["bookings"]) == 4
    assert len(sent) == 1, sent


def test_a_day_is_two_statements_however_many_bookings_it_has(postgres: Database) -> None:
    calls = Calls(World(postgres))
    for hour in range(4):
        calls.book(start=(START + hour * HOUR).isoformat())
    with statements(postgres) as sent:
        assert len(calendar(calls)) == 4
    assert len(sent) == 2

"""The booking behind a personal link as a calendar file (PRODUCT M1)."""

from typing import Any

import pytest
from icalendar import Calendar

from shared.contracts import errors
from tests.builders.gateway.links import LINK, get, open_link, refused
from tests.builders.gateway.world import NOW, World, refusing


def event_of(world: World) -> tuple[Any, Any]:
    """Download the file and return the calendar and its one event."""
    answer = world.get(f"{LINK}/calendar.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=appointment.ics"
    assert answer.headers["Cache-Control"] == "no-store"
    calendar = Calendar.from_ical(answer.text)
    assert answer.headers["Content-Type"] == f"text/calendar; method={calendar['METHOD']}; charset=utf-8"
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_the_appointment_is_added_to_a_calendar_as_the_emails_is(world: World) -> None:
    open_link(world, version=3)
    calendar, event = event_of(world)
    assert f'href="{LINK}/calendar.ics"' in get(world).text
    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == "7K3M9QX2VT@solna.frontdesk", "the email's, or the calendar would have it twice"
    assert event["SEQUENCE"] == 2
    assert event["DTSTAMP"].dt == NOW
    assert (event.start.isoformat(), event.end.isoformat()) == (
        "2026-12-01T13:00:00+00:00", "2026-12-01T13:45:00+00:00",
    )  # fmt: skip
    assert event["SUMMARY"] == "Examination, Solna Tandvård"
    assert event["LOCATION"] == "Solna Tandvård, Storgatan 1, Solna"
    assert event["URL"] == f"{world.settings.public_url}{LINK}"
    assert "Anna Berg" in event["DESCRIPTION"]
    assert "ATTENDEE" not in event


def test_the_file_holds_no_link_by_which_nothing_can_be_changed_m1(world: World) -> None:
    open_link(world, may={"rebook": refused("too_late"), "cancel": refused("too_late")})
    _, event = event_of(world)
    assert "URL" not in event
    assert LINK not in event["DESCRIPTION"]


def test_a_cancelled_appointment_is_taken_out_of_the_calendar(world: World) -> None:
    gone = refused("already_cancelled")
    open_link(world, may={"rebook": gone, "cancel": gone}, status="cancelled")
    calendar, event = event_of(world)
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "calendar.ics" not in get(world).text


@pytest.mark.parametrize("refusal", [errors.NotFound, errors.Gone, errors.Unavailable])
def test_a_link_that_opens_nothing_has_no_file(world: World, refusal: type[errors.Refusal]) -> None:
    world.booking.answers["open_link"] = refusing(refusal)
    assert world.get(f"{LINK}/calendar.ics").status_code == refusal.status

"""A practitioner's calendar as programs fetch it by its secret address (PRODUCT C16)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from werkzeug.test import TestResponse

from shared.contracts.errors import Gone, Unavailable
from shared.ids import new_id
from shared.links import feed_token
from shared.storage.pulse import Pulse
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World, refusing

FEED = new_id()
BUSY = {
    "reference": "7K3M9QX2VT", "start": "2026-12-01T14:00:00+01:00", "end": "2026-12-01T14:45:00+01:00", "version": 4,
}  # fmt: skip
NAMED = {**BUSY, "type": "exam", "first_name": "مایا", "last_name": "Ek"}
ABSENCES = [
    {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-26", "reason": "Operation"},
    {"from": "2026-12-31T12:00", "to": "2026-12-31T17:00", "reason": "Party"},
    {"practitioner": "erik", "from": "2026-12-24", "to": "2026-12-26"},
    {"practitioner": "anna", "from": "2029-12-24", "to": "2029-12-26"},
]


@pytest.fixture
def fed(tmp_path: Path) -> World:
    """Return a gateway that knows a feed of Anna's, who is away at times."""
    world = World(tmp_path)
    put_in_force(world, absences=ABSENCES)
    opened = {"feed": FEED, "clinic": "solna", "practitioner": "anna", "names": False, "language": "en"}
    world.staff.answers["open_calendar_feed"] = opened
    world.booking.answers["calendar_feed"] = {"bookings": [BUSY]}
    return world


def fetched(world: World, token: str | None = None, **options: Any) -> TestResponse:
    """Return what a program gets that fetches the feed."""
    token = token or feed_token(world.settings.link_key, FEED)
    return world.get(f"/calendar/{token}.ics", **options)


def events(response: TestResponse) -> list[Any]:
    """Return the events of a calendar as a program reads them."""
    assert response.status_code == 200, response.text
    return list(Calendar.from_ical(response.data).walk("VEVENT"))


def test_c16_appointments_are_busy_times_without_a_name(fed: World) -> None:
    answer = fetched(fed)
    assert answer.content_type == "text/calendar; charset=utf-8"
    booking, *_ = events(answer)
    assert (str(booking["SUMMARY"]), booking["SEQUENCE"]) == ("Busy", 4)
    assert str(booking["UID"]) == "7K3M9QX2VT@solna.frontdesk"
    assert booking.decoded("DTSTART") == datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
    assert (str(booking["TRANSP"]), str(booking["CLASS"])) == ("OPAQUE", "PRIVATE")
    assert "Anna" in str(Calendar.from_ical(answer.data)["NAME"])
    (call,) = fed.booking.calls
    assert call.actor.kind == "service"
    assert call.fields == {"from": "2026-10-24", "to": "2027-11-23", "practitioner": "anna", "names": False}


def test_c16_with_names_where_that_was_chosen_and_in_the_owner_s_language(fed: World) -> None:
    fed.staff.answers["open_calendar_feed"] |= {"names": True, "language": "sv"}
    fed.booking.answers["calendar_feed"] = {"bookings": [NAMED, {**NAMED, "first_name": None, "last_name": None}]}
    named, unnamed, absent, *_ = events(fetched(fed))
    assert (str(named["SUMMARY"]), str(named["CLASS"])) == ("مایا Ek · US", "CONFIDENTIAL")
    assert not str(unnamed["SUMMARY"]).startswith(" ")
    assert str(absent["SUMMARY"]) == "Frånvarande"


def test_c16_absences_are_there_the_clinic_s_too_and_never_say_why(fed: World) -> None:
    answer = fetched(fed)
    _, leave, closed = events(answer)
    assert (leave.decoded("DTSTART"), leave.decoded("DTEND")) == (date(2026, 12, 24), date(2026, 12, 27))
    assert closed.decoded("DTSTART") == datetime(2026, 12, 31, 11, 0, tzinfo=UTC)
    assert "Operation" not in answer.text
    assert "Party" not in answer.text


def test_who_knows_it_as_it_is_hears_only_that_and_booking_is_not_asked(fed: World) -> None:
    first = fetched(fed)
    again = fetched(fed, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (len(fed.booking.calls), len(fed.staff.calls)) == (1, 2)
    Pulse(fed.cache).beat(["solna"])
    assert fetched(fed, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_document_that_comes_while_it_is_made_ready_is_fetched_next_time(
    fed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who got the one before must not hold it for what is true at the mark, which is read after it."""
    now = fed.documents.get("solna")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(fed.documents, "get", lambda _clinic: replace(now, revision=now.revision - 1))
        stale = fetched(fed)
    assert fetched(fed, headers={"If-None-Match": stale.headers["ETag"]}).status_code == 200


def test_c16_nobody_keeps_shows_or_finds_it(fed: World) -> None:
    headers = fetched(fed).headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["X-Frame-Options"] == "DENY"
    assert fetched(fed, "wrong").headers["Cache-Control"] == "no-store"


def test_c16_what_was_revoked_is_over_whatever_a_program_knows(fed: World) -> None:
    known = {"If-None-Match": fetched(fed).headers["ETag"]}
    fed.staff.answers["open_calendar_feed"] = refusing(Gone)
    assert fetched(fed, headers=known).status_code == 410


def test_c16_it_ends_with_the_practitioner(fed: World) -> None:
    fed.staff.answers["open_calendar_feed"] |= {"practitioner": "gone"}
    assert fetched(fed).status_code == 410
    assert fed.booking.calls == []


def test_wrong_addresses_are_counted_by_who_tries_and_shut_nobody_else_out(fed: World) -> None:
    """ADR 17: not even who fetches a right one from the same network."""
    answers = {fetched(fed, f"c{new_id()}{'A' * 24}").status_code for _ in range(20)}
    assert answers == {404}
    assert fetched(fed, "c").status_code == 429
    assert fed.staff.calls == []
    assert fetched(fed).status_code == 200


def test_a_service_that_is_away_is_told_as_that(fed: World) -> None:
    fed.booking.answers["calendar_feed"] = refusing(Unavailable)
    answer = fetched(fed)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)

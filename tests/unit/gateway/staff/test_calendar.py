"""The calendar over the staff API: whoever knows it hears only that it is still so, and no service is asked (C6)."""

from datetime import timedelta

import pytest

from gateway.access.sessions import Account, Place
from shared.contracts.errors import NotFound
from shared.storage.pulse import Pulse
from tests.builders.gateway.bookings import a_booking as booked
from tests.builders.gateway.calendars import DAY, a_booking, a_calendar
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.world import World, refusing

CALENDAR = f"/v1/staff/clinics/solna/calendar?from={DAY}&to={DAY}"
LIST = "/v1/staff/clinics/solna/day-list.csv"
THERAPIST = Account("erik@solna.example", (Place("solna", "therapist", "erik"),), "t1", 1)


def fill(world: World, *bookings: dict[str, object]) -> str:
    """Let the services tell of these bookings; return a token."""
    answer = a_calendar(*bookings, holiday="Juldagen")
    days = [{**day, "holidays": {"sv": "Juldagen", "en": "Christmas Day"}} for day in answer["days"]]
    world.availability.answers["schedule"] = {"revision": 1, "days": days}
    world.booking.answers["calendar"] = {"bookings": answer["bookings"]}
    world.documents.get("solna")
    return world.log_in()


def test_c6_it_is_both_halves_put_together(world: World) -> None:
    token = fill(world, a_booking())
    found = world.get(f"{CALENDAR}&practitioner=anna", token=token, headers={"Accept-Language": "en"})
    assert found.status_code == 200, found.text
    assert found.json["bookings"] == [a_booking()]
    (day,) = found.json["days"]
    assert (day["holiday"], day["practitioners"][0]["absences"][0]["reason"]) == ("Christmas Day", "Kurs")
    assert "holidays" not in day
    fields = {"from": DAY, "to": DAY, "practitioner": "anna"}
    assert [call.fields for call in (*world.availability.calls, *world.booking.calls)] == [fields, fields]


def test_nothing_new_is_told_without_asking_a_service(world: World) -> None:
    token = fill(world, a_booking())
    first = world.get(CALENDAR, token=token)
    known = {"If-None-Match": first.headers["ETag"]}
    again = world.get(CALENDAR, token=token, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (len(world.availability.calls), len(world.booking.calls)) == (1, 1)


def test_who_knows_anything_at_all_is_refused_what_there_is_not(world: World) -> None:
    token = fill(world)
    world.availability.answers["schedule"] = refusing(NotFound)
    assert world.get(CALENDAR, token=token, headers={"If-None-Match": "*"}).status_code == 404


def test_news_of_the_clinic_is_told_whole(world: World) -> None:
    token = fill(world)
    known = {"If-None-Match": world.get(CALENDAR, token=token).headers["ETag"]}
    Pulse(world.cache).beat(["solna"])
    assert world.get(CALENDAR, token=token, headers=known).status_code == 200


def test_of_half_a_minute_ago_it_is_told_whole_since_appointments_end_and_news_may_be_lost(world: World) -> None:
    token = fill(world)
    known = {"If-None-Match": world.get(CALENDAR, token=token).headers["ETag"]}
    world.clock.moment += timedelta(seconds=30)
    assert world.get(CALENDAR, token=token, headers=known).status_code == 200


def test_what_one_knows_in_another_language_or_of_another_calendar_is_not_the_same(world: World) -> None:
    token = fill(world)
    tags = {
        world.get(CALENDAR, token=token, headers={"Accept-Language": each}).headers["ETag"] for each in ("en", "sv")
    }
    tags.add(world.get(CALENDAR, token=world.log_in_as(THERAPIST), headers={"Accept-Language": "sv"}).headers["ETag"])
    assert len(tags) == 3


def test_c16_the_list_of_a_day_comes_as_a_table_for_excel_or_for_programs(world: World) -> None:
    open_clinic(world)
    world.booking.answers["find"] = {"bookings": [booked()], "next": None}
    token = world.log_in()
    found = world.get(f"{LIST}?date=2026-12-01&practitioner=anna", token=token, headers={"Accept-Language": "sv"})
    assert (found.status_code, found.content_type) == (200, "text/csv; charset=utf-8")
    assert found.data.decode().startswith("\ufeffDatum;Från;Till;")
    assert (found.headers["Content-Language"], "Accept-Language" in found.headers["Vary"]) == ("sv", True)
    asked = {"from": "2026-12-01", "to": "2026-12-01", "limit": 200, "practitioner": "anna"}
    assert world.booking.calls[-1].fields == asked
    assert world.get(f"{LIST}?bom=false", token=token).data.startswith(b"Date;")


@pytest.mark.parametrize("query", ["date=2026-13-01", "bom=maybe", "practitioner=anna&day=1"])
def test_a_wrong_query_of_the_list_is_told(world: World, query: str) -> None:
    open_clinic(world)
    assert world.get(f"{LIST}?{query}", token=world.log_in()).status_code in {400, 422}

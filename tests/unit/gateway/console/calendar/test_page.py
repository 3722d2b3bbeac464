"""The calendar as a page (PRODUCT C6, C11, C15)."""

import gzip
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest

from gateway.access.sessions import Account
from shared.clinic_documents import ClinicDocuments, Revisions
from shared.contracts.errors import Unavailable
from tests.builders.gateway.calendars import DAY, a_block, a_booking, a_calendar, a_clinic
from tests.builders.gateway.console import ADMINISTRATOR, THERAPIST, Browser
from tests.builders.gateway.world import World

PAGE = "/staff/solna/calendar"
PART = {"HX-Request": "true", "HX-Target": "calendar"}
HOSTILE = '<script>alert(1)</script>"&\u202etxt'


def sit_down(
    world: World, *bookings: dict[str, Any], account: Account = ADMINISTRATOR, language: str = "en", **changes: Any
) -> Browser:
    """Return a browser at a clinic whose services tell of these bookings."""
    document = a_clinic(**changes.pop("document", {}))
    world.documents = ClinicDocuments(Revisions(world.cache), lambda _clinic: {"revision": 1, "document": document})
    answer = a_calendar(*bookings, **changes)
    world.availability.answers["schedule"] = {"revision": 1, "days": answer["days"]}
    world.booking.answers["calendar"] = {"bookings": answer["bookings"]}
    return Browser(world, account, language)


def asked(world: World) -> dict[str, Any]:
    """Return what both services were asked for."""
    (planned,), (booked,) = (
        [call for call in each.calls if call.name in {"schedule", "calendar"}]
        for each in (world.availability, world.booking)
    )
    assert (planned.args, planned.fields) == (booked.args, booked.fields) == (("solna",), booked.fields)
    return planned.fields


def test_c6_a_day_shows_the_practitioners_side_by_side_with_what_is_planned_and_booked(world: World) -> None:
    page = sit_down(world, a_booking()).get(f"{PAGE}?date={DAY}")
    assert page.status_code == 200, page.text
    assert asked(world) == {"from": DAY, "to": DAY}
    for handle in ('data-practitioner="anna"', 'data-practitioner="erik"', 'data-reference="A"'):
        assert handle in page.text
    assert 'href="/staff/solna/bookings/A"' in page.text
    assert 'aria-label="Tuesday 1 December, 14:30, Eva Lind, Examination, booked on the web"' in page.text
    assert 'class="plan h8 d4 k0"' in page.text
    assert 'class="plan h12 d1 k1 unbookable"' in page.text
    assert 'href="/staff/solna/absences/c1"' in page.text
    free = f'bookings/new?start={DAY}T14:00:00%2B01:00&amp;practitioner=anna" data-start="{DAY}T14:00:00+01:00"'
    assert free in page.text
    assert "style=" not in page.text


def test_a_clinics_console_begins_with_today(world: World) -> None:
    assert sit_down(world).get("/staff/solna").status_code == 200
    assert asked(world) == {"from": "2026-11-23", "to": "2026-11-23"}


def test_c6_a_week_is_one_practitioners_seven_days(world: World) -> None:
    page = sit_down(world).get(f"{PAGE}?date={DAY}&view=week&practitioner=erik")
    assert page.status_code == 200
    assert asked(world) == {"from": "2026-11-30", "to": "2026-12-06", "practitioner": "erik"}
    assert f"{PAGE}?date=2026-12-08&amp;view=week&amp;practitioner=erik" in page.text


def test_c6_in_persian_a_week_begins_on_saturday_and_days_are_of_the_jalali_calendar(world: World) -> None:
    page = sit_down(world, language="fa").get(f"{PAGE}?date={DAY}&view=week&practitioner=erik")
    assert asked(world)["from"] == "2026-11-28"
    assert 'dir="rtl"' in page.text
    assert "آذر" in page.text
    assert sit_down(world, language="fa").get(f"{PAGE}?date=1405/09/10").status_code == 200


def test_c1_a_therapist_sees_the_own_column_and_no_choice(world: World) -> None:
    page = sit_down(world, a_booking(practitioner="erik"), account=THERAPIST).get(
        f"{PAGE}?date={DAY}&practitioner=anna"
    )
    assert 'data-practitioner="erik"' in page.text
    assert 'data-practitioner="anna"' not in page.text
    assert "/calendar/practitioners" not in page.text


def test_s8_absences_are_reached_from_the_calendar(world: World) -> None:
    page = sit_down(world, account=THERAPIST).get(f"{PAGE}?date={DAY}")
    assert 'href="/staff/solna/absences"' in page.text
    assert f'href="/staff/solna/absences/new?from={DAY}&amp;to={DAY}&amp;practitioner=erik"' in page.text


def test_c6_whose_columns_are_wanted_is_remembered(world: World) -> None:
    browser = sit_down(world)
    chosen = browser.post(f"{PAGE}/practitioners", {"date": DAY, "practitioner": ["erik", "nobody"]})
    assert (chosen.status_code, chosen.location) == (303, f"{PAGE}?date={DAY}")
    cookie = chosen.headers["Set-Cookie"]
    assert cookie.startswith("calendar=erik;")
    assert "Path=/staff/solna" in cookie


def test_live_the_part_alone_is_drawn_anew_and_told_to_be_the_same_where_it_is(world: World) -> None:
    browser = sit_down(world, a_booking())
    first = browser.get(f"{PAGE}?date={DAY}", headers=PART)
    assert "<html" not in first.text
    assert 'data-reference="A"' in first.text
    again = browser.get(f"{PAGE}?date={DAY}", headers={**PART, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    world.booking.answers["calendar"] = {"bookings": [a_booking(), a_booking("B", "09:00", "09:30")]}
    changed = browser.get(f"{PAGE}?date={DAY}", headers={**PART, "If-None-Match": first.headers["ETag"]})
    assert 'data-reference="B"' in changed.text


def test_c15_while_services_are_away_the_day_is_shown_as_it_was_known_with_its_time(world: World) -> None:
    browser = sit_down(world, a_booking())
    browser.get(f"{PAGE}?date={DAY}")
    world.booking.answers["calendar"] = Unavailable.because("Away.")
    known = browser.get(f"{PAGE}?date={DAY}")
    assert known.status_code == 200
    assert 'data-reference="A"' in known.text
    assert "This is how it was at Mon 23 Nov at 10:00." in known.text
    assert browser.get(f"{PAGE}?date=2026-12-02").status_code == 503


def test_what_patients_wrote_is_shown_as_text(world: World) -> None:
    booking = a_booking(first_name=HOSTILE, last_name=HOSTILE, message=HOSTILE)
    for view in ("day", "list"):
        page = sit_down(world, booking).get(f"{PAGE}?date={DAY}&view={view}")
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&amp;" in page.text


def test_c11_the_list_is_by_time_and_on_paper_by_practitioner(world: World) -> None:
    bookings = (
        a_booking("B", "09:00", "09:30", practitioner="erik"),
        a_booking(resources=["room-2"], message="Ring på"),
    )
    page = sit_down(world, *bookings).get(f"{PAGE}?date={DAY}&view=list")
    assert page.text.index('data-reference="B"') < page.text.index('data-reference="A"')
    assert "Rum 2" in page.text
    assert "Ring på" in page.text
    papers = sit_down(world, *bookings).get(f"{PAGE}?date={DAY}&view=list&by=practitioner")
    assert papers.text.count('<section class="day-paper">') == 2
    assert papers.text.index("Anna Berg") < papers.text.index("Erik Lund")


def test_s12_rooms_have_a_view_of_their_own(world: World) -> None:
    page = sit_down(world, a_booking(resources=["room-2"])).get(f"{PAGE}?date={DAY}&view=rooms")
    assert 'data-resource="room-2"' in page.text
    assert "data-start" not in page.text


def test_s9_a_holiday_is_called_by_its_name(world: World) -> None:
    assert "Advent" in sit_down(world, holiday="Advent").get(f"{PAGE}?date={DAY}").text


@pytest.mark.parametrize(
    "odd", ["date=soon", "view=month&date=9999-99-99", "month=x", "practitioner=nobody&hours=many"]
)
def test_an_odd_address_is_todays_calendar(world: World, odd: str) -> None:
    assert sit_down(world).get(f"{PAGE}?{odd}").status_code == 200


def test_the_clinics_colours_are_kept_by_the_browser_alone(world: World) -> None:
    sheet = sit_down(world).get(f"{PAGE}/colours.css")
    assert sheet.text.startswith(".p0{--own:#2f7d5b}")
    assert sheet.headers["Cache-Control"].startswith("private")


def test_a_day_of_ten_practitioners_and_150_bookings_is_less_than_60_kilobytes_by_two_calls(world: World) -> None:
    """CONSOLE, "Quick"."""
    browser = a_full_day(world)
    page = browser.get(f"{PAGE}?date={DAY}", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.data).count(b"data-reference=") == 150
    assert len(page.data) < 20_000
    assert len(gzip.decompress(page.data)) < 100_000
    assert len(asked(world)) == 2


def test_the_first_view_of_it_with_everything_is_less_than_150_kilobytes_and_all_of_it_ours(world: World) -> None:
    """CONSOLE, "Quick": styles and scripts of all rooms, since a panel may be any."""
    browser = a_full_day(world)
    page = browser.get(f"{PAGE}?date={DAY}")
    loaded = re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"]+)"', page.text)
    assert len(loaded) > 5
    assert all(address.startswith("/") for address in loaded)
    compressed = {"Accept-Encoding": "gzip"}
    files = {address: browser.get(unescape(address), headers=compressed) for address in loaded}
    assert {each.status_code for each in files.values()} == {200}
    sizes = [len(each.data) for each in files.values()]
    assert sum(sizes) + len(gzip.compress(page.data)) < 150_000, sorted(zip(sizes, files, strict=True))


def a_full_day(world: World) -> Browser:
    people = [f"person-{number}" for number in range(10)]
    browser = sit_down(
        world,
        document={
            "practitioners": [{"key": key, "name": f"Dr {key}"} for key in people],
            "types": [{"key": "exam", "name": "US", "length": "30m"}],
        },
    )
    first = datetime.fromisoformat(f"{DAY}T08:00:00+01:00")
    starts = [first + timedelta(minutes=30 * step) for step in range(15)]
    world.booking.answers["calendar"] = {
        "bookings": [
            a_booking(
                f"7K3M9QX{number}{step:02d}", practitioner=key, first_name="Elisabeth", last_name=f"Bergström {step}"
            )
            | {"start": start.isoformat(), "end": (start + timedelta(minutes=30)).isoformat()}
            for number, key in enumerate(people)
            for step, start in enumerate(starts)
        ]
    }
    (day,) = world.availability.answers["schedule"]["days"]
    blocks = [a_block("exam", "08:00", "12:00"), a_block("lunch", "12:00", "13:00"), a_block("exam", "13:00", "17:00")]
    day["practitioners"] = [{"key": key, "blocks": blocks, "absences": []} for key in people]
    return browser


def test_c7_a_booking_begins_at_the_calendar_without_a_place_chosen_in_it(world: World) -> None:
    page = sit_down(world).get(PAGE).text
    assert re.search(
        r'<a class="button" href="/staff/solna/bookings/new"[^>]*hx-target="#panel"[^>]*>New booking</a>', page
    )


@pytest.mark.parametrize("view", ["day", "list"])
def test_b3_a_booking_of_somebody_whose_name_was_never_asked_for_can_be_seen_and_opened(
    world: World, view: str
) -> None:
    page = sit_down(world, a_booking(first_name="", last_name=None)).get(f"{PAGE}?view={view}&date={DAY}").text
    assert "<bdi>No name given</bdi>" in page
    assert ", , " not in page


def idle_until(world: World, worked_on: str | None, **account: Any) -> Browser:
    """Return a browser at a clinic where nobody works on DAY, a holiday follows, and a day on which Erik works."""
    browser = sit_down(world, **account)
    (day,) = a_calendar()["days"]
    anna, erik = ({**row, "blocks": []} for row in day["practitioners"])

    def schedule(_clinic: str, **asked: Any) -> dict[str, Any]:
        if asked["from"] == DAY:
            return {"revision": 1, "days": [{**day, "practitioners": [anna, erik]}]}
        assert (asked["from"], asked["to"]) == ("2026-12-02", "2026-12-15")
        holiday = {**day, "date": "2026-12-02", "closed": True}
        working = {**day, "date": worked_on, "practitioners": [anna, day["practitioners"][1]]}
        return {"revision": 1, "days": [holiday, *([working] if worked_on else [])]}

    world.availability.answers["schedule"] = schedule
    return browser


def test_c6_a_day_without_working_hours_says_so_and_leads_to_the_next_that_has_some(world: World) -> None:
    page = unescape(idle_until(world, "2026-12-03").get(f"{PAGE}?date={DAY}").text)
    assert "There are no working hours on this day." in page
    assert f'<a href="{PAGE}?date=2026-12-03" rel="next">Thursday 3 December 2026</a>' in page
    listed = unescape(idle_until(world, "2026-12-03").get(f"{PAGE}?date={DAY}&view=list").text)
    assert f'<a href="{PAGE}?date=2026-12-03&view=list" rel="next">' in listed


def test_c6_where_no_such_day_is_near_none_is_named(world: World) -> None:
    page = idle_until(world, None).get(f"{PAGE}?date={DAY}").text
    assert "There are no working hours on this day." in page
    assert "Next working day" not in page


@pytest.mark.parametrize("view", ["week", "rooms"])
def test_c6_a_week_and_rooms_say_nothing_of_it(world: World, view: str) -> None:
    browser = sit_down(world)
    world.availability.answers["schedule"]["days"][0]["practitioners"] = []
    assert "no working hours" not in browser.get(f"{PAGE}?date={DAY}&view={view}").text


def test_c6_a_day_on_which_something_is_booked_is_shown_as_ever(world: World) -> None:
    browser = sit_down(world, a_booking(), holiday="First of December")
    assert "no working hours" not in browser.get(f"{PAGE}?date={DAY}").text

"""The next times over all who are chosen, mornings or afternoons, later, or on another day (PRODUCT C7)."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.builders.gateway.console import Browser
from tests.builders.gateway.patients import with_eva
from tests.builders.gateway.world import World

NEW = "/staff/solna/bookings/new"
TODAY = date(2026, 11, 23)


def slot(day: date, hour: int, minute: int = 0, *able: str, outside: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a free time of half an hour."""
    start = f"{day}T{hour:02d}:{minute:02d}:00+01:00"
    end = (
        f"{day}T{hour:02d}:{minute + 30:02d}:00+01:00"
        if minute < 30
        else f"{day}T{hour + 1:02d}:{minute - 30:02d}:00+01:00"
    )
    return {"start": start, "end": end, "practitioners": list(able or ("anna",)), "outside_online": list(outside)}


@pytest.fixture
def browser(clinic: World) -> Browser:
    """Return an administrator's browser at a clinic that has a time at 9 and one at 14 each day for five weeks."""

    def free_slots(_clinic: str, **asked: Any) -> dict[str, Any]:
        day = date.fromisoformat(asked["from"])
        return {"slots": [slot(day, 9, 0, "anna"), slot(day, 14, 0, "erik")]}

    def next_free(_clinic: str, **asked: Any) -> dict[str, Any]:
        first = date.fromisoformat(asked["from"])
        days = [first + index * timedelta(days=1) for index in range(asked["days"])]
        known = [day for day in days if day < TODAY + timedelta(days=35)]
        return {"slots": [each for day in known for each in (slot(day, 9, 0, "anna"), slot(day, 14, 0, "erik"))]}

    clinic.availability.answers |= {"free_slots": free_slots, "next_free": next_free}
    return with_eva(Browser(clinic))


def shown(browser: Browser, query: str = "") -> list[str]:
    """Return the starts that are shown, as `11-23T09`."""
    page = browser.get(f"{NEW}?{query}", in_panel=True).text
    return [part[5:13] for part in page.split('data-start="')[1:]]


def asked(browser: Browser) -> tuple[str, dict[str, Any]]:
    """Return the one question that was asked last."""
    call = browser.world.availability.calls[-1]
    return call.name, {name: value for name, value in call.fields.items() if name != "type"}


def test_c7_three_days_are_shown_and_later_ones_at_a_press(browser: Browser) -> None:
    assert shown(browser) == ["11-23T09", "11-23T14", "11-24T09", "11-24T14", "11-25T09", "11-25T14"]
    assert "from=2026-11-26" in browser.get(NEW, in_panel=True).text
    assert shown(browser, "from=2026-11-26")[0] == "11-26T09"


def test_c7_mornings_and_afternoons_are_told_apart_at_noon(browser: Browser) -> None:
    assert shown(browser, "part=morning") == ["11-23T09", "11-24T09", "11-25T09"]
    assert shown(browser, "part=afternoon") == ["11-23T14", "11-24T14", "11-25T14"]


def test_c7_only_who_is_chosen_is_looked_for_and_one_alone_asked_for(browser: Browser) -> None:
    assert shown(browser, "with.erik=yes") == ["11-23T14", "11-24T14", "11-25T14"]
    assert asked(browser)[1]["practitioners"] == ["erik"]
    assert shown(browser, "with.erik=yes&with.anna=yes")[:2] == ["11-23T09", "11-23T14"]
    assert asked(browser)[1]["practitioners"] == ["anna", "erik"]
    shown(browser, "with.erik=yes&day=2026-12-01")
    assert asked(browser) == ("free_slots", {"from": "2026-12-01", "to": "2026-12-01", "practitioner": "erik"})


def test_c7_another_day_is_shown_whole(browser: Browser) -> None:
    assert shown(browser, "day=2026-12-01") == ["12-01T09", "12-01T14"]
    assert asked(browser) == ("free_slots", {"from": "2026-12-01", "to": "2026-12-01"})


def test_c7_it_is_one_question_however_full_the_clinic_is(browser: Browser) -> None:
    shown(browser, "from=2026-12-26&part=morning&minutes=45")
    wanted = {"from": "2026-12-26", "days": 3, "practitioners": [], "part": "morning", "minutes": 45}
    assert asked(browser) == ("next_free", wanted)
    assert len(browser.world.availability.calls) == 1


def test_c7_a_day_is_cut_short_and_none_of_its_shown_times_overlap(browser: Browser) -> None:
    many = [slot(TODAY, hour, minute) for hour in range(8, 17) for minute in (0, 15, 30, 45)]
    browser.world.availability.answers |= {"free_slots": {"slots": many}, "next_free": {"slots": many}}
    assert [each[-2:] for each in shown(browser)] == ["08", "08", "09", "09", "10", "10"]
    page = browser.get(NEW, in_panel=True).text
    assert "All times of this day" in page
    assert len(shown(browser, "day=2026-11-23")) == len(many)


def test_c7_whose_own_hours_it_is_comes_first(browser: Browser) -> None:
    times = [slot(TODAY, 9, 0, "anna", "erik", outside=("anna",))]
    browser.world.availability.answers["next_free"] = {"slots": times}
    page = browser.get(NEW, in_panel=True).text
    assert "practitioner=erik&amp;" in page or "practitioner=erik" in page.split("data-start")[0].rsplit("<a ", 1)[1]
    assert "not on the web" not in page


def test_c7_where_nothing_is_free_it_is_said(browser: Browser) -> None:
    browser.world.availability.answers["next_free"] = {"slots": []}
    assert "No times are available." in browser.get(NEW, in_panel=True).text

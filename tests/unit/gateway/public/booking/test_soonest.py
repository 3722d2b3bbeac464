"""The next free times stand first, each taken by one press (PRODUCT B20)."""

import re
from typing import Any

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import HELD, buttons_of, fields_of, heading_of, main_of, open_clinic
from tests.builders.gateway.visits import get, post
from tests.builders.gateway.world import World, refusing

ANY = {"type": "exam", "practitioner": "any"}


def a_slot(start: str, *practitioners: str) -> dict[str, Any]:
    return {"start": f"{start}:00+01:00", "end": f"{start}:30+01:00", "practitioners": list(practitioners)}


FOUND = [
    a_slot("2026-11-30T09:00", "erik"),
    a_slot("2026-11-30T09:30", "anna", "erik"),
    a_slot("2026-11-30T10:30", "anna"),
    a_slot("2026-11-30T11:30", "erik"),
    a_slot("2026-12-01T08:00", "erik"),
    a_slot("2026-12-02T08:00", "erik"),
]


def open_with(world: World, *found: dict[str, Any], calendar: str = "week") -> None:
    open_clinic(world, booking={"calendar": calendar})
    world.availability.answers["next_slots"] = {"next_slots": list(found or FOUND)}


def offered(html: str) -> list[str]:
    """Return the times that can be taken at once, in the order shown."""
    return [start[5:16] for start in buttons_of(html, "choose")]


def test_each_practitioner_shows_their_own_first_times_b20(world: World) -> None:
    open_with(world)
    cards = get(world, type="exam").text.split('<li class="person">')[1:]
    assert [offered(card) for card in cards] == [
        ["11-30T09:00", "12-01T08:00", "12-02T08:00"],
        ["11-30T09:30", "11-30T10:30"],
        ["11-30T09:00", "12-01T08:00", "12-02T08:00"],
    ]


def test_a_time_on_a_card_is_held_with_whom_it_belongs_to_by_one_press_b20(world: World) -> None:
    open_with(world)
    card = get(world, type="exam").text.split('<li class="person">')[2].split('<form method="post"')[1]
    assert '<input type="hidden" name="practitioner" value="anna">' in card
    answer = post(world, type="exam", practitioner="anna", choose=buttons_of(card, "choose")[0])
    assert heading_of(world.get(answer.location, headers={"Accept-Language": "en"}).text) == "Your details"
    assert HELD["practitioner"] == "anna"


def test_a_week_of_times_stands_first_takes_two_questions_and_has_the_month_behind_it_b20(world: World) -> None:
    open_with(world)
    html = get(world, **ANY).text
    assert "Next available times" in html
    assert offered(html) == ["12-01T14:00", "12-01T17:30"]
    assert [(call.name, call.fields["from"], call.fields["to"]) for call in world.availability.calls] == [
        ("days", "2026-11-23", "2026-12-23"), ("slots", "2026-12-01", "2026-12-07"),
    ]  # fmt: skip
    assert 'class="calendar"' not in html
    assert buttons_of(html, "month") == ["2026-12-01"]
    month = get(world, **ANY, month="2026-12-01").text
    assert (buttons_of(month, "date"), buttons_of(month, "week")) == (["2026-12-01", "2026-12-02"], ["2026-12-01"])


def test_a_time_of_the_week_is_held_by_one_press_b20(world: World) -> None:
    open_with(world)
    html = get(world, **ANY, week="2026-12-01").text
    assert re.search(r'<form id="take" method="post" action="/solna"', html)
    answer = post(world, **fields_of(main_of(get(world, **ANY))), choose=buttons_of(html, "choose")[0])
    assert heading_of(world.get(answer.location, headers={"Accept-Language": "en"}).text) == "Your details"


def test_where_the_month_comes_first_the_next_times_stand_above_it_until_a_day_is_chosen_b20(world: World) -> None:
    open_with(world, calendar="month")
    html = get(world, **ANY).text
    assert html.index("Next available times") < html.index('class="calendar"')
    assert offered(html)[:4] == ["11-30T09:00", "11-30T10:30", "12-01T08:00", "12-02T08:00"]
    assert "Next available times" not in get(world, **ANY, date="2026-12-02").text


def test_the_first_free_day_of_a_month_is_open_b20(world: World) -> None:
    open_with(world, calendar="month")
    html = get(world, **ANY).text
    assert 'value="2026-12-01" aria-pressed="true"' in html
    assert world.availability.calls[-1].name == "next_slots"


def test_one_question_finds_them_and_none_is_asked_day_by_day(world: World) -> None:
    open_with(world)
    get(world, type="exam")
    assert [(call.name, call.fields["from"], call.fields["to"]) for call in world.availability.calls] == [
        ("next_slots", "2026-11-23", "2026-12-06")
    ]


def test_it_is_looked_further_where_a_fortnight_has_none(world: World) -> None:
    open_clinic(world)
    get(world, type="exam")
    ranges = [(call.fields["from"], call.fields["to"]) for call in world.availability.calls]
    assert ranges == [("2026-11-23", "2026-12-06"), ("2026-12-07", "2027-01-06"), ("2027-01-07", "2027-02-06"),
                      ("2027-02-07", "2027-02-21")]  # fmt: skip


@pytest.mark.parametrize("refusal", [errors.Unavailable, errors.Timeout])
def test_the_page_works_without_them_where_they_cannot_be_had(world: World, refusal: type[errors.Refusal]) -> None:
    """An availability of the version before does not know the call."""
    open_clinic(world, booking={"calendar": "month"})
    world.availability.answers["next_slots"] = refusing(refusal)
    assert buttons_of(get(world, type="exam").text, "practitioner") == ["any", "anna", "erik"]
    assert heading_of(get(world, **ANY).text) == "When would you like to come?"

"""The next free times stand first, each taken by one press (PRODUCT B20)."""

from typing import Any

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import HELD, buttons_of, heading_of, open_clinic
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


def open_with(world: World, *found: dict[str, Any]) -> None:
    open_clinic(world)
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


def test_the_next_times_stand_above_the_calendar_until_a_day_is_chosen_b20(world: World) -> None:
    open_with(world)
    html = get(world, **ANY).text
    assert html.index("Next available times") < html.index('class="calendar"')
    assert offered(html)[:4] == ["11-30T09:00", "11-30T10:30", "12-01T08:00", "12-02T08:00"]
    assert "Next available times" not in get(world, **ANY, date="2026-12-02").text


def test_the_first_free_day_is_open_b20(world: World) -> None:
    open_with(world)
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
    open_clinic(world)
    world.availability.answers["next_slots"] = refusing(refusal)
    assert buttons_of(get(world, type="exam").text, "practitioner") == ["any", "anna", "erik"]
    assert heading_of(get(world, **ANY).text) == "When would you like to come?"

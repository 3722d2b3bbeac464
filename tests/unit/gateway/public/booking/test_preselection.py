"""What a link to the booking page chooses beforehand (PRODUCT B15)."""

from typing import Any

import pytest

from tests.builders.gateway.clinics import DOCUMENT, buttons_of, fields_of, heading_of, open_clinic
from tests.builders.gateway.visits import ENGLISH
from tests.builders.gateway.world import World

KINDS = [{"key": kind, "name": kind, "online": kind != "lunch"} for kind in ("exam", "emergency", "lunch")]


def week(*kinds: str) -> dict[str, Any]:
    """Return a Monday with these block kinds."""
    return {
        "mon": [{"kind": kind, "from": f"{8 + at:02}:00", "to": f"{9 + at:02}:00"} for at, kind in enumerate(kinds)]
    }


def open_with_templates(world: World) -> None:
    """Let Urgent be bookable in emergency blocks only, Examination and Advice in exam blocks."""
    exam, urgent, inner = DOCUMENT["types"]
    open_clinic(
        world,
        block_kinds=KINDS,
        types=[
            {**exam, "blocks": ["exam"]},
            {**urgent, "blocks": ["emergency"]},
            {"key": "advice", "name": "Advice", "length": "15m", "blocks": ["exam"], "practitioners": ["erik"]},
            inner,
        ],
        templates=[
            {"key": "normal", "week": week("exam", "lunch")},
            {"key": "nights", "week": week("emergency")},
            {"key": "mixed", "week": week("exam", "emergency")},
            {"key": "closed", "week": week("lunch")},
        ],
    )


def get(world: World, **query: str) -> str:
    return world.get("/solna", query_string=query, headers=ENGLISH).text


@pytest.mark.parametrize(
    ("template", "types"),
    [
        ("normal", ["exam", "advice"]),
        ("mixed", ["exam", "acute", "advice"]),
        ("unknown", ["exam", "acute", "advice"]),
    ],
)
def test_a_template_shows_the_types_that_can_be_booked_in_it_b15(world: World, template: str, types: list[str]) -> None:
    open_with_templates(world)
    html = get(world, template=template)
    assert buttons_of(html, "type") == types
    assert fields_of(html.split("<main")[1])["template"] == template


def test_a_template_with_one_type_and_one_practitioner_opens_at_the_calendar_b15(world: World) -> None:
    open_with_templates(world)
    html = get(world, template="nights")
    assert heading_of(html) == "When would you like to come?"
    assert world.availability.calls[0].fields.items() >= {"type": "acute", "practitioner": "anna"}.items()


def test_a_type_that_is_not_in_the_template_is_not_booked_through_it_b15(world: World) -> None:
    open_with_templates(world)
    assert buttons_of(get(world, template="normal", type="acute"), "type") == ["exam", "advice"]
    assert "There is nothing to book online at the moment." in get(world, template="closed")


def test_a_type_and_a_practitioner_open_the_page_at_the_calendar_b15(world: World) -> None:
    open_with_templates(world)
    assert heading_of(get(world, type="exam", practitioner="erik")) == "When would you like to come?"
    assert world.availability.calls[0].fields.items() >= {"type": "exam", "practitioner": "erik"}.items()


def test_a_practitioner_alone_offers_what_they_take_and_is_asked_for_no_more_b15(world: World) -> None:
    open_with_templates(world)
    html = get(world, template="mixed", practitioner="erik")
    assert buttons_of(html, "type") == ["exam", "advice"]
    assert fields_of(html.split("<main")[1])["practitioner"] == "erik"
    assert heading_of(get(world, template="mixed", practitioner="erik", type="exam")) == "When would you like to come?"


def test_another_booking_keeps_selection_frame_and_language(world: World) -> None:
    open_with_templates(world)
    html = get(world, template="normal", embed="1", lang="en", type="exam", practitioner="erik")
    assert 'class="brand" href="/solna?lang=en&amp;embed=1&amp;template=normal&amp;visit=' in html

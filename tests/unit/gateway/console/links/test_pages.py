"""The console's page of links for the clinic's own site (PRODUCT B15, B16)."""

from html import unescape
from typing import Any

import pytest

from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World

URL = "http://127.0.0.1:8000"
ADDRESS = f"{URL}/solna?type=exam&practitioner=anna"
SNIPPET = f'<p><iframe src="{URL}/solna?embed=1" width="100%" height="600px"><br/></iframe></p>'
LINKS = {
    "page": {"url": f"{URL}/solna", "snippet": SNIPPET},
    "links": [
        {"practitioner": "anna", "kind": "type", "key": "exam", "name": "US", "url": ADDRESS, "snippet": "one"},
        {
            "practitioner": "anna", "kind": "template", "key": "normal", "name": "normal", "snippet": "two",
            "url": f"{URL}/solna?template=normal&practitioner=anna",
        },
    ],
}  # fmt: skip


def shown(world: World, **document: Any) -> str:
    """Return the page of links, as text that is not escaped."""
    put_in_force(world, **document)
    world.availability.answers["links"] = LINKS
    page = Browser(world).get("/staff/solna/links")
    assert (page.status_code, heading_of(page.text)) == (200, "Links to online booking")
    return unescape(page.text)


def test_b15_there_is_a_link_for_each_type_and_week_template_of_a_practitioner(world: World) -> None:
    page = shown(world, booking={"active": True})
    for said in ("Anna", ADDRESS, "US", "Week template: normal", f"{URL}/solna?template=normal&practitioner=anna"):
        assert said in page
    assert "Does not work" not in page


def test_b16_m2_the_snippet_and_the_way_in_by_a_card_s_code_are_there(world: World) -> None:
    page = shown(world)
    assert SNIPPET in page
    assert f"{URL}/recall" in page


@pytest.mark.parametrize(
    ("booking", "why"),
    [
        ({"active": False}, "Does not work now: online booking is off."),
        ({"active": True, "new": False}, "Does not work now: new bookings are off."),
        (
            {"active": True, "opens_at": "2026-12-01T08:00"},
            "Does not work yet: online booking opens Tuesday 1 December 2026 at 08:00.",
        ),
        (
            {"active": True, "closes_at": "2026-11-01T08:00"},
            "Does not work any more: online booking closed Sunday 1 November 2026 at 08:00.",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_b15_beside_each_link_it_is_said_when_it_does_not_work_now(
    world: World, booking: dict[str, Any], why: str
) -> None:
    page = shown(world, booking=booking)
    assert page.count(f'<p class="link-note">{why}</p>') == 1 + len(LINKS["links"])


def test_b9_a_link_to_what_is_controlled_by_needs_says_for_whom_it_is(world: World) -> None:
    types = [{"key": "exam", "name": "US", "length": "30m", "needs": {"controlled": True}}]
    assert "For patients who have been called in." in shown(world, types=types, templates=[], plans=[])


def test_n_a_neighbour_of_the_version_before_tells_of_no_page_and_the_rest_is_shown(world: World) -> None:
    put_in_force(world)
    world.availability.answers["links"] = {"links": LINKS["links"]}
    page = Browser(world).get("/staff/solna/links").text
    assert "type=exam" in page
    assert "Inside your own site" not in page


def test_b15_therapists_may_copy_links_too(world: World) -> None:
    put_in_force(world)
    world.availability.answers["links"] = LINKS
    assert Browser(world, THERAPIST).get("/staff/solna/links").status_code == 200

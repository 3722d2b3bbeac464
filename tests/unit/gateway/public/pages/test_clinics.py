"""The list of clinics."""

from tests.builders.gateway.world import World


def test_the_front_page_lists_open_clinics(world: World):
    rows = [{"clinic": "a", "name": "Open", "active": True}, {"clinic": "b", "name": "Shut", "active": False}]
    world.availability.answers["clinics"] = {"clinics": rows}
    html = world.get("/").text
    assert 'href="/a"' in html
    assert "Shut" not in html

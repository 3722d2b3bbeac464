"""Our own style sheets, scripts and images."""

import pytest

from tests.builders.gateway.world import World


@pytest.mark.parametrize("name", ["frontdesk.css", "frontdesk.js", "icon.svg"])
def test_our_own_files_are_sent(world: World, name):
    assert world.get(f"/static/{name}").status_code == 200


def test_a_page_loads_one_sheet_that_begins_with_the_tokens_of_all_pages(world: World):
    page, sheet = world.get("/no/such/page").text, world.get("/static/frontdesk.css")
    assert page.count('rel="stylesheet"') == 1
    assert 'href="/static/frontdesk.css"' in page
    assert sheet.mimetype == "text/css"
    assert sheet.text.index("--accent:") < sheet.text.index("var(--accent)")


@pytest.mark.parametrize("name", ["nothing.css", "..%2fpages.py", "%2e%2e%2fpages.py"])
def test_nothing_else_is_sent(world: World, name):
    assert world.get(f"/static/{name}").status_code == 404

"""Our own style sheets, scripts and images."""

import pytest

from gateway.views.static_files import address_of, console_scripts
from tests.builders.gateway.world import World


@pytest.mark.parametrize("name", ["frontdesk.css", "frontdesk.js", "icon.svg"])
def test_our_own_files_are_sent(world: World, name):
    assert world.get(f"/static/{name}").status_code == 200


def test_a_page_loads_one_sheet_that_begins_with_the_tokens_of_all_pages(world: World):
    page, sheet = world.get("/no/such/page").text, world.get("/static/frontdesk.css")
    assert page.count('rel="stylesheet"') == 1
    assert 'href="/static/frontdesk.css?v=' in page
    assert sheet.mimetype == "text/css"
    assert sheet.text.index("--accent:") < sheet.text.index("var(--accent)")


@pytest.mark.parametrize("name", ["nothing.css", "..%2fpages.py", "%2e%2e%2fpages.py"])
def test_nothing_else_is_sent(world: World, name):
    assert world.get(f"/static/{name}").status_code == 404


def test_what_a_page_loads_is_kept_for_ever_and_changes_its_address_with_what_it_holds(world: World) -> None:
    address = world.get("/").text.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert world.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/static/frontdesk.css", "/static/frontdesk.css?v=older", "/static/embed.js"):
        assert world.get(other).headers["Cache-Control"] == "public, max-age=300"


def test_scripts_import_each_other_by_the_addresses_by_which_pages_load_them(world: World) -> None:
    """Else a page would have two of one module: one by its hash, one without."""
    script = world.get(address_of("calendar-drag.js")).text
    assert f'from "{address_of("grid.js")}";' in script
    assert ' from "./' not in script
    assert address_of("grid.js") in console_scripts()

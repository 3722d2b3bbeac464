"""Our own style sheets, scripts and images."""

import pytest

from tests.builders.gateway.world import World


@pytest.mark.parametrize("name", ["frontdesk.css", "frontdesk.js", "icon.svg"])
def test_our_own_files_are_sent(world: World, name):
    assert world.get(f"/static/{name}").status_code == 200


@pytest.mark.parametrize("name", ["nothing.css", "..%2fpages.py", "%2e%2e%2fpages.py"])
def test_nothing_else_is_sent(world: World, name):
    assert world.get(f"/static/{name}").status_code == 404

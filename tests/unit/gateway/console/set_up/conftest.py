"""An administrator's browser, for the tests of the set-up that need no other."""

import pytest

from tests.builders.gateway.console import Browser
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator, whose clinic's set-up is in force."""
    put_in_force(world)
    return Browser(world)

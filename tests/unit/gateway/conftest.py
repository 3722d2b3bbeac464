"""A fresh gateway for every test."""

from pathlib import Path

import pytest

from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a gateway that nobody has used yet."""
    return World(tmp_path)


@pytest.fixture
def clinic(world: World) -> World:
    """Return a gateway with one open clinic in Sweden."""
    open_clinic(world)
    return world

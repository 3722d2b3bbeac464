"""A fresh gateway for every test."""

from pathlib import Path

import pytest

from tests.unit.gateway.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a gateway that nobody has used yet."""
    return World(tmp_path)

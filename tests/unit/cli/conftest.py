"""What tests of the command line run against."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.settings import from_environment
from tests.builders.commands import FakeInstallation, commands_reach


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeInstallation]:
    """Return the installation that all commands reach."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    from_environment({"DATA_DIR": str(tmp_path)})  # makes its keys, as an installation that has run
    found = FakeInstallation()
    with commands_reach(found):
        yield found

"""Where tests write what they do not keep."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.servers import memory


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nobody have said where to write, and a folder of this test stand for memory."""
    monkeypatch.setenv("TMPDIR", "gone with the test")
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    monkeypatch.setattr(memory, "_IN_MEMORY", tmp_path)
    monkeypatch.setattr(memory, "_ENOUGH", 0)


def test_tests_and_what_they_start_write_into_memory(tmp_path: Path) -> None:
    memory.write_into_memory()
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(tmp_path)


def test_who_says_where_is_obeyed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = tmp_path / "said"
    monkeypatch.setenv("TMPDIR", str(said))
    memory.write_into_memory()
    assert os.environ["TMPDIR"] == str(said)


def test_a_memory_with_little_room_or_none_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "_ENOUGH", 1 << 60)
    memory.write_into_memory()
    assert "TMPDIR" not in os.environ
    monkeypatch.setattr(memory, "_IN_MEMORY", tmp_path / "missing")
    memory.write_into_memory()
    assert "TMPDIR" not in os.environ

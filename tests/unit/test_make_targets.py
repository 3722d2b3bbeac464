"""What `make` runs is all there is: no folder of tests is left out by its targets."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEEP = re.compile(r"\bmark\.deep\b|^@given", re.MULTILINE)


def commands(target: str) -> list[str]:
    """Return the commands of a target, with all variables filled in."""
    said = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return said.replace("\\\n", " ").splitlines()


def folders(commands: list[str]) -> set[str]:
    """Return the folders of tests that commands name."""
    return {name for command in commands for name in re.findall(r"\btests/(\w+)", command)}


def modules(pattern: str) -> dict[str, list[str]]:
    """Return the texts of modules whose name has the pattern, by their folder of `tests`."""
    found: dict[str, list[str]] = {}
    for path in (ROOT / "tests").rglob(pattern):
        found.setdefault(path.relative_to(ROOT / "tests").parts[0], []).append(path.read_text(encoding="utf-8"))
    return found


def test_make_test_runs_every_folder_that_holds_tests() -> None:
    assert folders(commands("test")) == set(modules("test_*.py"))


def test_make_test_deep_runs_every_folder_that_holds_something_deep() -> None:
    deep = {folder for folder, texts in modules("*.py").items() if any(map(DEEP.search, texts))}
    assert deep
    assert folders(commands("test-deep")) >= deep


@pytest.mark.parametrize("target", ["test", "test-deep", "test-fast"])
def test_what_hurts_servers_runs_beside_nothing_else(target: str) -> None:
    for command in commands(target):
        assert folders([command]) == {"faults"} or "faults" not in folders([command])

"""What is never committed: machine paths, registries, unfinished or skipped work, locks without hashes."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.$}/])/(?:work|root|home/\w+|Users/\w+)(?:/|\b)(?!-)",
    "a package registry": r"(?i)(?:index-url|find-links|https?://[\w.-]*/(?:packages|simple)/)",
    "unfinished work": r"\b(?:TODO|FIXME|XXX)\b|raise NotImplementedError",
    "a skipped test": r"pytest\.(?:mark\.)?(?:skip\w*|xfail|importorskip)|@?unittest\.skip",
    "a private key": r"-----BEGIN (?:\w+ )?PRIVATE KEY-----",
}
"""What no line of the repository says, and the pattern that finds it."""

TEXTS = {
    ".cfg", ".css", ".html", ".ini", ".js", ".json", ".lock", ".mako", ".md", ".po", ".py", ".sh", ".sql", ".toml",
    ".txt", ".yaml", ".yml", "",
}  # fmt: skip
"""Endings of files that are read as text."""

THIS = "tests/unit/test_repository_rules.py"


def committed_texts() -> Iterator[tuple[str, str]]:
    """Yield path and content of each text that git keeps, or is about to, at this place."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.suffix in TEXTS and path.is_file() and name != THIS:
            yield name, path.read_text(encoding="utf-8")


def offences(name: str, content: str) -> list[str]:
    """Return a sentence for each line of a file that says what is never committed."""
    found = {what: pattern for what, pattern in FORBIDDEN.items() if re.search(pattern, content)}
    return [
        f"{name}:{number} holds {what}: {line.strip()[:100]}"
        for number, line in enumerate(content.splitlines(), start=1)
        for what, pattern in found.items()
        if re.search(pattern, line) and not (what == "a package registry" and name == "Makefile")
    ]


def test_nothing_is_committed_that_belongs_elsewhere() -> None:
    found = [offence for name, content in committed_texts() for offence in offences(name, content)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "cd {}work{}main".format("/", "/"),
        "open('{}root{}.cache')".format("/", "/"),
        "path = /home/anna/frontdesk",
        "--index-url https://example.org/simple",
        "https://files.example.org/packages/aa",
        "# TODO: later",
        "raise NotImplementedError",
        "@pytest.mark.skipif(True)",
        "pytest.skip('no server')",
        "pytest.importorskip('redis')",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_what_does_not_belong_is_found(line: str) -> None:
    assert offences("some/file.py", line)


@pytest.mark.parametrize(
    "line", ["GET /v1/home", "a patient at work/home", "import frontdesk.work", "/usr/bin/chromium"]
)
def test_ordinary_lines_are_left_alone(line: str) -> None:
    assert offences("some/file.py", line) == []


LOCKS = (
    "requirements.lock", "requirements-test.lock", "requirements-pip.lock", "tests/system/strangers/requirements.lock"
)  # fmt: skip


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_library_has_one_version_and_its_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[\w.]+", entry), f"{name}: {entry[:80]}"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), f"{name}: {entry[:80]}"


def test_tests_run_on_the_libraries_that_production_runs_on() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==[\w.]+", (ROOT / name).read_text(), flags=re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-test.lock")


def test_the_locks_hold_what_the_project_asks_for() -> None:
    """`make lock` was run after the last change of dependencies."""

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for name, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-test.lock", project["dependencies"] + project["optional-dependencies"]["test"]),
    ):
        content = (ROOT / name).read_text().lower()
        pins = [re.sub(r"\[.*?\]", "", requirement).lower() for requirement in wanted]
        missing = [pin for pin in pins if f"{pin} " not in content]
        assert not missing, f"{name} lacks {missing}"

"""What others made and we ship stands in THIRD_PARTY.md, with its licence, as it was when it came."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LISTED = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")

FONTS = {".ttf", ".otf", ".woff", ".woff2", ".eot"}
OTHERS_NAME = re.compile(r"\.min\.|(^|/)(vendor|vendored|third_party)/|(^|/)(LICEN[CS]E|COPYING|NOTICE)\b")
OTHERS_WORDS = re.compile(r"copyright (\(c\)|©|\d{4})|@licen[cs]e|SPDX-License-Identifier|licen[cs]ed under", re.I)
OF_THE_REPOSITORY = {"THIRD_PARTY.md", "client/LICENSE", "tests/unit/docs/test_third_party.py"}
"""Speak of licences themselves; what is ours to give away has one of its own."""


def made_elsewhere(name: str, content: bytes) -> bool:
    """Tell whether a file is somebody else's, by its kind, its place, or what is written in it."""
    if Path(name).suffix in FONTS or OTHERS_NAME.search(name):
        return True
    return b"\0" not in content and OTHERS_WORDS.search(content.decode(errors="replace")) is not None


def rows() -> dict[str, tuple[str, str]]:
    """Return the list: path to the heading of its licence and its hash."""
    found = re.findall(r"^\| `([^`]+)` \|.+\| \[([^\]]+)\]\(#[\w-]+\) \| `([0-9a-f]{64})` \|$", LISTED, re.MULTILINE)
    return {path: (licence, sha256) for path, licence, sha256 in found}


def test_every_file_that_others_made_is_listed_and_no_other() -> None:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept = [name for name in names.split("\0") if name and (ROOT / name).is_file() and name not in OF_THE_REPOSITORY]
    assert {name for name in kept if made_elsewhere(name, (ROOT / name).read_bytes())} == {*rows()}


def test_every_listed_file_is_as_it_came_and_its_licence_stands_in_full() -> None:
    assert rows()
    for path, (licence, sha256) in rows().items():
        assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == sha256, path
        text = LISTED.partition(f"\n## {licence}\n")[2].partition("\n## ")[0]
        assert len(text) > 500, licence


def test_the_image_holds_the_list_too() -> None:
    assert "COPY THIRD_PARTY.md /srv/frontdesk/" in (ROOT / "deploy/Dockerfile").read_text()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gateway/pdf/fonts/Other.woff2", b"\0"),
        ("gateway/console/plot.min.js", b"!0"),
        ("gateway/vendor/plot.js", b"x"),
        ("gateway/console/plot.js", b"/*! @license MIT */"),
        ("gateway/views/static/reset.css", b"/* Copyright (c) 2020 Somebody */"),
        ("gateway/pdf/LICENSE", b"x"),
    ],
)
def test_what_others_made_is_found(name: str, content: bytes) -> None:
    assert made_elsewhere(name, content)


@pytest.mark.parametrize("name", ["gateway/views/static/icon.svg", "docs/licensing.py", "shared/minutes.py"])
def test_what_is_ours_is_left_alone(name: str) -> None:
    assert not made_elsewhere(name, b"<svg xmlns='http://www.w3.org/2000/svg'/>")

"""docs/security.md promises nothing that no test shows."""

import re
from pathlib import Path

from shared.settings import from_environment
from tests.builders.noted_environment import Noting

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
THREATS = [each for each in re.split(r"\n\s*\n", PAGE.partition("\n## ")[2]) if each.startswith("**")]
SHOWN = re.compile(r"`(tests/[\w/]+\.py)`\s+\(((?:`\w+`,?\s*)+)\)")


def test_every_threat_names_what_shows_that_it_is_stopped() -> None:
    assert len(THREATS) > 20
    assert [each[:60] for each in THREATS if not SHOWN.search(each)] == []


def test_every_test_that_is_named_is_there() -> None:
    named = [(path, name) for path, names in SHOWN.findall(PAGE) for name in re.findall(r"\w+", names)]
    assert [
        f"{path} has no {name}" for path, name in named if f"\ndef {name}(" not in (ROOT / path).read_text("utf-8")
    ] == []
    assert sorted(name for _, name in named) == sorted(re.findall(r"`(test_\w+)`", PAGE)), "each stands behind its file"


def test_it_is_said_of_each_secret_among_the_settings_what_it_opens(tmp_path: Path) -> None:
    environment = Noting({"DATA_DIR": str(tmp_path)})
    from_environment(environment)
    secret = {name for name in environment.asked if re.search(r"(KEYS?|TOKEN|PASSWORD)$", name)}
    table = PAGE.partition("\n## What each key opens\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == secret

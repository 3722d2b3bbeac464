"""The recipes of the documents, run as people paste them: block after block in one shell, beside a `make run`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.servers import debian
from tests.system.installation import ADMIN, ROOT, Installation, wait_until
from tests.system.outbox import codes_to

MOBILE = "+4740601234"
"""The one that docs/http-recipes.md logs in with."""

STRICT = 'set -euo pipefail -o allexport\ncurl() { command curl --fail-with-body --show-error "$@"; }\n'
"""What a test adds to a block: the first call that fails ends it, and the next block knows what it has set."""


def blocks(name: str) -> list[str]:
    """Return the shell blocks of a document."""
    return re.findall(r"^```sh\n(.*?)^```$", (ROOT / "docs" / name).read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder like a checkout's, on a machine with curl."""
    if shutil.which("curl") is None and debian.may_install():
        debian.install("curl")
    assert shutil.which("curl"), "The package curl is missing."
    (tmp_path / "demo").symlink_to(ROOT / "demo")
    return tmp_path


class Shell:
    """One shell, as far as variables go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variables = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    def runs(self, block: str) -> bool:
        """Tell whether the block went through; what was said where it did not stands in the test's output."""
        script = f"{STRICT}{block}\nenv -0 > variables"
        run = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False
        )
        if run.returncode:
            print(block, run.stdout, run.stderr, sep="\n")
            return False
        pairs = (self.folder / "variables").read_text().rstrip("\0").split("\0")
        self.variables = dict(pair.split("=", 1) for pair in pairs)
        return True


@pytest.mark.parametrize("name", ["running-a-clinic.md", "http-recipes.md"])
def test_recipes_do_what_they_say(name: str, desk: Path, embedded_installation: Installation) -> None:
    url, shell = embedded_installation.url, Shell(desk)
    assert len(blocks(name)) > 4
    for block in blocks(name):
        written = block.replace("http://127.0.0.1:${PORT:-8000}", url)
        written = written.replace("the one that make run printed", ADMIN[1])
        if "code=123456" in block:
            wait_until(lambda: codes_to(url, MOBILE), "the code is in the outbox")
            written = written.replace("code=123456", f"code={codes_to(url, MOBILE)[0]}")
        # What follows from a booking or a need comes by events, a moment later than people paste the next block.
        wait_until(lambda written=written: shell.runs(written), f"goes through: {block}")

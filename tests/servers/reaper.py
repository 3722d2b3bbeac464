"""Ends what a test run started even where the run itself was killed.

A small process of its own reads lines `+group 123`, `-group 123`, `+folder /tmp/x`, `-folder /tmp/x`. When the pipe
closes, because the run is over or dead, it kills the process groups and removes the folders that are still on its list.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path


class Reaper:
    """The test run's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-E", __file__], stdin=subprocess.PIPE, start_new_session=True, cwd="/"
        )

    def watch_group(self, group: int) -> None:
        """Have the process group killed when this run ends."""
        self._tell(f"+group {group}")

    def forget_group(self, group: int) -> None:
        """The process group has ended; its number may be somebody else's soon."""
        self._tell(f"-group {group}")

    def watch_folder(self, folder: Path) -> None:
        """Have the folder removed when this run ends."""
        self._tell(f"+folder {folder}")

    def forget_folder(self, folder: Path) -> None:
        """The folder is gone."""
        self._tell(f"-folder {folder}")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()


@cache
def reaper() -> Reaper:
    """Return this test run's reaper; it starts with the first server."""
    return Reaper()


def _reap(lines: Iterable[str]) -> None:
    listed: dict[tuple[str, str], None] = {}
    for line in lines:
        what, _, name = line.strip().partition(" ")
        if what.startswith("+"):
            listed[what[1:], name] = None
        else:
            listed.pop((what[1:], name), None)
    for what, name in reversed(listed):
        if what == "group":
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(name), signal.SIGKILL)
        else:
            shutil.rmtree(name, ignore_errors=True)


if __name__ == "__main__":
    _reap(sys.stdin)

"""Ends what a test run started even where the run itself was killed.

A small process of its own reads lines `+group 123`, `-group 123`, `+folder /tmp/x`, `-folder /tmp/x`. When the pipe
closes, because the run is over or dead, it kills the groups with all that they have started,
and removes the folders that are still on its list.
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


def family(ancestor: int) -> list[int]:
    """Return a process, those of its group, and their descendants: PostgreSQL's have groups of their own."""
    stats = {int(process.name): stat(process) for process in Path("/proc").glob("[0-9]*")}
    members = {pid for pid, fields in stats.items() if pid == ancestor or fields[2:3] == [str(ancestor)]}
    while more := {pid for pid, fields in stats.items() if len(fields) > 1 and int(fields[1]) in members} - members:
        members |= more
    return sorted(members)


def stat(process: Path) -> list[str]:
    """Return the fields behind a program's name, from the state on (proc_pid_stat(5)); ended ones have only a state."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["X"]


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
            for member in family(int(name)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(member, signal.SIGKILL)
        else:
            shutil.rmtree(name, ignore_errors=True)


if __name__ == "__main__":
    _reap(sys.stdin)

"""How much processor time programs have used, from /proc (proc_pid_stat(5))."""

import os
from pathlib import Path

from tests.servers.reaper import family, stat

_TICKS = os.sysconf("SC_CLK_TCK")
_USED = slice(11, 15)
"""In user and system mode, by itself and by children that have ended and were waited for."""


def spent(pid: int) -> float:
    """Return the seconds of processor time that a program has used, with all that it started, ended or not."""
    return seconds([stat(Path(f"/proc/{member}")) for member in family(pid)])


def seconds(stats: list[list[str]]) -> float:
    """Return the seconds in the fields of programs; those of one that has ended are its parent's."""
    return sum(sum(map(int, fields[_USED])) for fields in stats) / _TICKS

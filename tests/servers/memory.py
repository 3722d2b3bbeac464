"""Where tests write: into memory where there is room for it, since they keep nothing and disks make them wait.

A broker that confirms an event and a database that closes have written to the disk first, whatever else stands still
meanwhile. No test pulls the plug of a machine, so that none of them learns anything from that.
"""

import os
import tempfile
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")
_ENOUGH = 2 << 30
"""Bytes; all folders of a test run together, and the servers in them, stay well below. Containers often have less."""


def write_into_memory() -> None:
    """Let temporary folders of this process and of all that it starts lie in memory, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and _is_fit(_IN_MEMORY):
        os.environ["TMPDIR"] = str(_IN_MEMORY)
        tempfile.tempdir = None  # it is asked for anew


def _is_fit(folder: Path) -> bool:
    """Tell whether there is room in a folder, and programs in it may be run."""
    if not os.access(folder, os.W_OK):
        return False
    about = os.statvfs(folder)
    return about.f_bavail * about.f_frsize >= _ENOUGH and not about.f_flag & os.ST_NOEXEC

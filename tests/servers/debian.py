"""Debian packages, installed where this process may: as root on a machine that has apt-get.

    python -m tests.servers.debian PACKAGE …

installs those that are missing, all at once, as CI does before the tests ask for one after the other.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")


def may_install() -> bool:
    """Tell whether packages can be installed here."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> bool:
    """Install `packages` and tell whether that worked; no service of theirs is started."""
    with _nothing_starts():
        return _apt_get("install", *packages) or (_apt_get("update") and _apt_get("install", *packages))


def _apt_get(verb: str, *packages: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-q", "-y", "--no-install-recommends", verb, *packages]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


@contextmanager
def _nothing_starts() -> Iterator[None]:
    """Have Debian's maintainer scripts leave the system's services off, as policy-rc.d is there for."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


def _is_installed(package: str) -> bool:
    return subprocess.run(["dpkg-query", "-s", package], capture_output=True).returncode == 0


if __name__ == "__main__":
    missing = [package for package in sys.argv[1:] if not _is_installed(package)]
    if missing and not install(*missing):
        sys.exit(f"apt-get could not install {' '.join(missing)}.")

"""A Chromium for the browser tests."""

import os
import shutil
from pathlib import Path

from tests.servers import debian
from tests.servers.server import ServerMissing

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_PACKAGES = ("chromium", "fonts-liberation", "fonts-noto-core")
"""The fonts show Latin and Persian text as patients see it."""


def chromium_path() -> str:
    """Return the program's path: from TEST_CHROMIUM, this machine, Playwright's downloads, or newly installed."""
    if given := os.environ.get("TEST_CHROMIUM"):
        if not shutil.which(given):
            raise ServerMissing(f"TEST_CHROMIUM is {given}, which is not a program.")
        return given
    found = _on_path() or _downloaded()
    if found is None and debian.may_install() and debian.install(*_PACKAGES):
        found = _on_path()
    if found is None:
        raise ServerMissing(
            "Chromium is missing: install the package chromium, or set TEST_CHROMIUM to the path of one."
        )
    return found


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def _downloaded() -> str | None:
    downloads = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next((str(path) for path in sorted(downloads.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None)

"""Day lists as files: they hold patients' names and telephones, so only their owner reads them (PRODUCT C15)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from eventlet import tpool

from gateway.pdf.day_lists import lines_of, printed_day
from shared.storage.private_files import write_privately

_OURS = re.compile(r"[a-z0-9-]+-(\d{4}-\d\d-\d\d)\.(?:pdf|[A-Za-z0-9_-]+\.new)")
"""A list, or what is left of one that was broken off."""


def path_of(folder: Path, clinic: str, day: date) -> Path:
    """Return where a clinic's list of a day lies."""
    return folder / f"{clinic}-{day}.pdf"


def write_list(
    folder: Path, bookings: Iterable[Mapping[str, Any]], document: Mapping[str, Any], day: date, now: datetime
) -> Path:
    """Write a clinic's list of a day, as it is `now`, in its own language: whole or not at all; return where."""
    language = document["languages"][0]
    path = path_of(folder, document["clinic"], day)
    lines = lines_of(bookings, document, language)
    write_privately(path, tpool.execute(printed_day, lines, document, day, language, now))
    return path


def remove_before(folder: Path, first: date) -> None:
    """Remove the lists of all days before `first`; other files in the folder are none of ours."""
    for file in folder.iterdir():
        named = _OURS.fullmatch(file.name)
        if named and named[1] < first.isoformat():
            file.unlink(missing_ok=True)

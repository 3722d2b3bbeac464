"""A whole file, whatever it is: what kind is told by its content, its name counts for nothing (C14)."""

from dataclasses import dataclass
from datetime import date

from shared.moving_in.calendars import MOST_EVENTS, calendar_table, is_calendar
from shared.moving_in.encodings import text_of
from shared.moving_in.table import Table, table_of
from shared.moving_in.unreadable import Unreadable

MOST_BYTES = 50 * 1024 * 1024

_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!")
"""What begins otherwise than a text: workbooks, archives, PDF. None of them is unpacked."""

_TOO_LARGE = "The file is too large. Divide it into several files."
_WORKBOOK = "This is a workbook, an archive or a PDF. Open it, choose Save as, and save it as CSV."


@dataclass(frozen=True)
class File:
    """A file as it was read, with the encoding that it was read in."""

    table: Table
    encoding: str

    @property
    def is_calendar(self) -> bool:
        """Whether it is no table by itself."""
        return not self.table.delimiter


def read_file(
    content: bytes,
    today: date,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    most_bytes: int = MOST_BYTES,
    most_events: int = MOST_EVENTS,
) -> File:
    """Return what a file holds; `encoding` and `delimiter` where they were chosen.

    Raise Unreadable, with a sentence that says what to do.
    """
    if len(content) > most_bytes:
        raise Unreadable(_TOO_LARGE)
    if content.startswith(_WORKBOOKS):
        raise Unreadable(_WORKBOOK)
    text = text_of(content, encoding)
    if is_calendar(text.text):
        return File(calendar_table(text.text, today, most_events), text.encoding)
    return File(table_of(text.text, delimiter), text.encoding)

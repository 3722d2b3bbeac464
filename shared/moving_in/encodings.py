"""In which encoding a file is written, told by its bytes (C14).

Libraries that know every encoding there is take a list of Swedish names for Roman-8 and one of Danish names for
Windows-1250: names have too few accents to tell a hundred encodings apart. Those that the former systems of our five
countries write are six; among these the letters of our languages settle it.
"""

import codecs
import re
from typing import NamedTuple

from shared.moving_in.unreadable import Unreadable

ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "windows-1256", "macroman")
"""Those that can be chosen, by the names that Python and the IANA know them by."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSED = ("windows-1252", "iso-8859-15", "windows-1256", "macroman")
"""In this order where the letters do not settle it. ISO 8859-1 is in Windows-1252 whole."""
_LOOKED_AT = 256 * 1024
_LATIN = "a-zåäöæøéèêëàâçîïôûùüœáíóúñšžß"
_LATIN_WORD = re.compile(f"[{_LATIN}]+(?:['’´-][{_LATIN}]+)*", re.IGNORECASE)
_ARABIC_WORD = re.compile("[ء-غف-ْپچژکگی\u200c]{2,}")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_LEAST_ZEROS = 4
"""One byte in so many is zero where a text of ours is written in UTF-16: separators, digits, Latin letters."""

_NOT_TEXT = "This file is not a text. Save it as CSV or iCalendar in the former system and choose that file."
_NOT_IN_IT = "The file is not written in this encoding. Choose another one, or let it be recognised."


class Text(NamedTuple):
    """What a file says, and the encoding that it was read in: one of ENCODINGS."""

    text: str
    encoding: str


def text_of(content: bytes, encoding: str | None = None) -> Text:
    """Return what a file says, in the `encoding` that was chosen or in the one that it seems to be written in.

    Raise Unreadable for what is no text, or not one in the chosen encoding.
    """
    if encoding is not None:
        return Text(_decoded(content, encoding), encoding)
    marked = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), None)
    if marked is not None:
        return Text(_decoded(content, marked[1]), "utf-16" if "16" in marked[1] else marked[1])
    if wide := _wide(content):
        return Text(_decoded(content, wide), "utf-16")
    try:
        return Text(_plain(content.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        found = max(_GUESSED, key=lambda name: _likeness(content[:_LOOKED_AT], name))
        return Text(_decoded(content, found), found)


def _decoded(content: bytes, encoding: str) -> str:
    known = {*ENCODINGS, "utf-16-le", "utf-16-be"}
    if encoding not in known:
        raise Unreadable(_NOT_IN_IT)
    if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = _wide(content) or "utf-16-le"
    try:
        return _plain(content.decode(encoding))
    except UnicodeDecodeError:
        if encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be"):
            raise Unreadable(_NOT_IN_IT) from None
        return _plain(content.decode(encoding, errors="replace"))  # single bytes that the code page leaves empty


def _plain(text: str) -> str:
    """Return a text without its mark; raise Unreadable where it has what no text has."""
    if "\0" in text:
        raise Unreadable(_NOT_TEXT)
    return text.removeprefix("\ufeff")


def _wide(content: bytes) -> str | None:
    """Return which UTF-16 a text without a mark seems to be written in, None where it has one byte a sign."""
    start = content[:4096]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if (
        len(start) < _LEAST_ZEROS
        or max(even, odd) * 2 * _LEAST_ZEROS < len(start)
        or min(even, odd) * 4 > max(even, odd)
    ):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _likeness(content: bytes, encoding: str) -> int:
    """Return by how many signs of it a text in this encoding is one of ours, less those by which it is not."""
    text = content.decode(encoding, errors="replace")
    ours = sum(len(_FOREIGN.findall(word)) for word in _words(text))
    return 2 * ours - len(_FOREIGN.findall(text))


def _words(text: str) -> list[str]:
    latin = [word for word in _LATIN_WORD.findall(text) if word == word.lower() or word.isupper() or word.istitle()]
    return [*latin, *_ARABIC_WORD.findall(text)]

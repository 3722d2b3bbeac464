"""A recall to print, and what stands on printed pages."""

import io
import re

from pypdf import PageObject, PdfReader

POINTS_PER_MM = 72 / 25.4
LINK = "https://booking.example/m/n0123456789abcdef0123456789abcdef-a-proof-of-24-characters"
ROW = {
    "id": "7K3M9QX2VT",
    "code": "7K3M-9QX2",
    "link": LINK,
    "page": "https://booking.example/recall",
    "first_name": "Maja",
    "last_name": "Ek",
    "type": "Undersökning",
    "practitioner": "Anna Berg",
    "start": "2026-12-01T14:15:00+01:00",
    "week": "2026-W49",
    "usable_until": None,
    "language": "sv",
}


def pages_of(pdf: bytes) -> list[PageObject]:
    """Return the pages of a PDF."""
    return list(PdfReader(io.BytesIO(pdf)).pages)


def words_on(page: PageObject) -> str:
    """Return the text of a page with its line ends as spaces."""
    return re.sub(r"\s+", " ", page.extract_text())


def size_of(page: PageObject) -> tuple[int, int]:
    """Return width and height of a page in whole mm."""
    box = page.mediabox
    return round(float(box.width) / POINTS_PER_MM), round(float(box.height) / POINTS_PER_MM)

"""Who takes a type of appointment, and for how long (PRODUCT S12, S13)."""

from shared.clinic.document import Document
from shared.clinic.times.durations import parse_minutes


def takers_of(type: Document, document: Document) -> tuple[str, ...]:
    """Return who takes a type of the document, in its order: whom it names, or all who are online."""
    return tuple(
        row["key"]
        for row in document["practitioners"]
        if (row["key"] in type["practitioners"] if type["practitioners"] else row["online"])
    )


def online_takers_of(type: Document, document: Document) -> tuple[str, ...]:
    """Return with whom patients can book a type of the document: those of its takers who are online."""
    named = type["practitioners"]
    return tuple(
        row["key"] for row in document["practitioners"] if row["online"] and (not named or row["key"] in named)
    )


def takers_without_need(type: Document, document: Document) -> tuple[str, ...]:
    """Return with whom patients book a type of the document that is controlled by needs without one, too (B9).

    Documents of version 0.1.0 name nobody.
    """
    named = type["needs"].get("without") or ()
    return tuple(key for key in online_takers_of(type, document) if key in named)


def length_with(type: Document, practitioner: str | None) -> int:
    """Return the minutes that a type takes with a practitioner, None for anybody."""
    return parse_minutes(type["lengths"].get(practitioner, type["length"]))

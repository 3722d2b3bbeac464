"""Which types of appointment a week template has room for, by the normal form of the clinic document (B15)."""

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]


def types_bookable_in(document: Document, template: str) -> frozenset[str]:
    """Return the keys of the types that patients can book in the week template of this key; KeyError for no such.

    A type is bookable in it where one of its online block kinds occurs (S2, S3).
    """
    week = {row["key"]: row["week"] for row in document["templates"]}[template]
    online = {kind["key"] for kind in document["block_kinds"] if kind["online"]}
    there = online.intersection(block["kind"] for blocks in week.values() for block in blocks)
    return frozenset(
        row["key"] for row in document["types"] if row["online"] and there.intersection(row["blocks"] or online)
    )

"""Week templates are made of blocks: which kinds are open on the web, and which types a template has room for (B15)."""

from shared.clinic.document import Document


def online_kinds(document: Document) -> frozenset[str]:
    """Return the kinds of block that can be booked on the web (S2)."""
    return frozenset(kind["key"] for kind in document["block_kinds"] if kind["online"])


def kinds_open_to(type: Document, online: frozenset[str]) -> frozenset[str]:
    """Return which of the `online` kinds a new booking of a type may use: those that its filter names, or all (S3)."""
    return online.intersection(type["blocks"]) if type["blocks"] else online


def types_bookable_in(document: Document, template: str) -> frozenset[str]:
    """Return the keys of the types that patients can book in the week template of this key; KeyError for no such.

    A type is bookable in it where a block of a kind open to it occurs.
    """
    week = {row["key"]: row["week"] for row in document["templates"]}[template]
    there = {block["kind"] for blocks in week.values() for block in blocks}
    online = online_kinds(document)
    return frozenset(row["key"] for row in document["types"] if row["online"] and there & kinds_open_to(row, online))

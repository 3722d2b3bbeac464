"""The clinic document in normal form, as the services hand it about: plain values, every key present (CONTRACTS 1)."""

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
"""A document, or a part of one."""


def item(document: Document, section: str, key: str) -> Document | None:
    """Return what a list of the document has under a key, None where it has nothing of that key."""
    return next((row for row in document[section] if row["key"] == key), None)

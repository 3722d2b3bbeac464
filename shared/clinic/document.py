"""The clinic document in normal form, as the services hand it about: plain values, every key present (CONTRACTS 1)."""

import re
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
"""A document, or a part of one."""

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
"""What it may call a type, a practitioner, whatever has a key."""


def item(document: Document, section: str, key: str) -> Document | None:
    """Return what a list of the document has under a key, None where it has nothing of that key."""
    return next((row for row in document[section] if row["key"] == key), None)

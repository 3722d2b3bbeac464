"""Ids that the services make: 32 hexadecimal digits, which say nothing of what they stand for."""

import re
import uuid

_AN_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return an id that nothing else has."""
    return uuid.uuid4().hex


def is_id(text: object) -> bool:
    """Tell whether `text` could be an id; whatever else it is, nothing is found by it."""
    return isinstance(text, str) and _AN_ID.fullmatch(text) is not None

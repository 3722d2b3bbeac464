"""Ids that the services make: 32 hexadecimal digits, which say nothing of what they stand for; and what codes and
references are written with."""

import re
import uuid

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of what people read out and type in: Crockford's base32, without those that look alike."""

_AN_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return an id that nothing else has."""
    return uuid.uuid4().hex


def is_id(text: object) -> bool:
    """Tell whether `text` could be an id; whatever else it is, nothing is found by it."""
    return isinstance(text, str) and _AN_ID.fullmatch(text) is not None

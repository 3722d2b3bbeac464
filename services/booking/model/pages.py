"""Where a page of a list ended, as an opaque text (CONTRACTS 2, `cursor`)."""

import base64
import binascii
import json
from datetime import UTC, datetime

from shared.contracts.errors import Invalid

Position = tuple[datetime, str]


def write_cursor(moment: datetime, key: str) -> str:
    """Return the cursor behind a row that is sorted by a moment and a key."""
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), key]).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> Position | None:
    """Return the moment and key that a cursor stands for; raise Invalid where it is none of ours."""
    if cursor is None:
        return None
    try:
        moment, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        at = datetime.fromisoformat(moment)
        position = (at.astimezone(UTC), str(key)) if at.tzinfo else None
    except (ValueError, TypeError, OverflowError, binascii.Error):  # moments overflow at both ends of time
        position = None
    if position is None or not position[1].isalnum() or not position[1].isascii():
        text = "This cursor is not one that a list gave."
        raise Invalid.because(text, errors={"cursor": [text]})
    return position

"""Lists come in pages: at most so many rows, and a cursor for the next ones (CONTRACTS 2)."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from shared.contracts.errors import Invalid

Row = TypeVar("Row")

Position = tuple[datetime, str]


class Paging(NamedTuple):
    """Which page of a list is asked for: how many rows, and the cursor of the page before it (None: the first)."""

    limit: int
    cursor: str | None


def page(
    name: str, found: Sequence[Row], limit: int, show: Callable[[Row], Any], cursor: Callable[[Row], str]
) -> dict[str, Any]:
    """Return `{name: […], "next": …}`: the first `limit` rows as they are shown, and the cursor of the page after them.

    `found` holds one row more than the page where the list goes on; where it does not, `next` is None.
    """
    rows = found[:limit]
    return {name: [show(row) for row in rows], "next": cursor(rows[-1]) if len(found) > limit else None}


def no_such_page() -> Exception:
    """Return the refusal of a cursor that no list gave."""
    return Invalid.because("There is no such page.", errors={"cursor": ["Start again from the first page."]})


def write_cursor(moment: datetime, key: str) -> str:
    """Return the cursor behind a row that is sorted by a moment and a key; an opaque text."""
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
        raise no_such_page()
    return position

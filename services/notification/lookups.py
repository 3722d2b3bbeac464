"""What of notification is found by keyed hashes (PRODUCT A3, ADR 59)."""

from collections.abc import Mapping
from typing import Any

from services.notification.model.messages import Content, recipient_of
from shared.lookups import Hashes, Lookup, Openers


def _address(row: Mapping[str, Any], openers: Openers) -> Hashes | None:
    """Return by what a message's address is known; None of one whose person was erased (ADR 53)."""
    if row["recipient"] == row["id"]:
        return None
    address = Content.from_json(openers.people.open(row["content"])).to
    return lambda key: [recipient_of(key, row["channel"], address)]


LOOKUPS = (
    Lookup(
        "messages",
        "recipient",
        ("channel", "content"),
        _address,
        mended=False,  # a reminder whose address became another as it went out is found by nobody any more
        copied_to=("stopped_numbers", "recipient"),
        held_by=("appointments", "reference", "booking"),
    ),
)
KEPT = ("stopped_numbers",)
"""The tables that hold hashes of which nothing else is kept: numbers to which no message is kept any more."""

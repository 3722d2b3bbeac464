"""What waits for somebody else, as people see it, and what it becomes when they set it aside (ADR 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.bus.events.waiting import wait_of
from shared.bus.wires.message import FIRST_ERROR, LAST_ERROR, failures_of, headers_of_sender


@dataclass(frozen=True)
class HeldUp:
    """One event that waits, since when, and for what. `id` is the event's, `queue` its consumer's work queue."""

    id: str
    queue: str
    since: datetime
    reason: str


def held_up(id: str, queue: str, headers: Mapping[str, Any]) -> HeldUp | None:
    """Return what a message in a retry queue waits for; None where it does not wait, but has failed."""
    wait = wait_of(headers)
    return None if wait is None else HeldUp(id, queue, wait.since, wait.reason)


def headers_when_parked(event: HeldUp, headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headers of the dead letter that it becomes, which tell for what it waited."""
    reason = f"parked, having waited since {event.since.isoformat(timespec='seconds')}: {event.reason}"
    failures = failures_of(headers)
    return {**headers_of_sender(headers), FIRST_ERROR: reason, **failures, LAST_ERROR: reason}

"""What booking's events say about time that is taken or free again (CONTRACTS 4)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.availability.search.offered import Busy
from shared.clinic.occupancy import occupied_keys

BOOKING = "booking"
HOLD = "hold"

ENDED = 2**31 - 1
"""The version of a hold that is over: whatever is heard of it later is older."""

_LONGEST_REPLAY = timedelta(days=14)
"""Published events are purged after so long (DESIGN rule 9); no older one can come again."""


class Occupant(NamedTuple):
    """A booking (`owner` booking, its reference) or a hold (`owner` hold, its id), as of `version`."""

    owner: str
    reference: str
    version: int
    kept_until: datetime
    """When it may be forgotten: no late event can concern it any more."""


def booking(reference: str, version: int, times: list[Busy], now: datetime) -> Occupant:
    """Return a booking that occupies `times`."""
    return Occupant(BOOKING, reference, version, _kept_until(times, now))


def hold(reference: str, version: int, times: list[Busy], now: datetime) -> Occupant:
    """Return a hold that occupies `times` until it expires."""
    return Occupant(HOLD, reference, version, _kept_until(times, now))


def ended_hold(reference: str, now: datetime) -> Occupant:
    """Return a hold that is over, whether or not it has been heard of before."""
    return Occupant(HOLD, reference, ENDED, _kept_until([], now))


def occupied_times(data: Mapping[str, Any]) -> list[Busy]:
    """Return what the state of a booking or hold occupies, buffers included; nothing once it is cancelled."""
    if data.get("status") == "cancelled":
        return []
    start, end = datetime.fromisoformat(data["busy_from"]), datetime.fromisoformat(data["busy_to"])
    names = occupied_keys(data["practitioner"], data["resources"])
    return [Busy(name, start, end) for name in names]


def held_times(data: Mapping[str, Any]) -> list[Busy]:
    """Return what a hold occupies until it expires."""
    expires_at = datetime.fromisoformat(data["expires_at"])
    return [time._replace(expires_at=expires_at) for time in occupied_times(data)]


def _kept_until(times: list[Busy], now: datetime) -> datetime:
    return max([now, *(time.ends_at for time in times)]) + _LONGEST_REPLAY

"""Time that is taken, and what booking's events say of time that is taken or free again (CONTRACTS 4)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.clinic.occupancy import Interval, occupied_keys
from shared.contracts.booking import BookingState, HoldState, Status
from shared.contracts.plain import Excerpt

BOOKING = "booking"
HOLD = "hold"

FIRST = 1
"""The version of what was heard of never before, and occupies nothing yet."""

ENDED = 2**31 - 1
"""The version of a hold that is over: whatever is heard of it later is older."""

_LONGEST_REPLAY = timedelta(days=14)
"""Published events are purged after so long (DESIGN rule 9); no older one can come again."""


_MOMENTS = timedelta(seconds=30)


class Busy(NamedTuple):
    """Time that a booking or hold occupies, buffers included: aware UTC, half-open."""

    resource: str
    """`practitioner:anna` or `resource:room-1`."""
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime | None = None
    """When a hold gives the time back by itself; None for a booking."""


@dataclass(frozen=True)
class BookedTime(Excerpt[BookingState]):
    """What a booking's events say of time; `hold` is the hold that it came from, which is over."""

    status: Status
    practitioner: str
    resources: tuple[str, ...]
    busy_from: datetime
    busy_to: datetime
    hold: str | None


@dataclass(frozen=True)
class HeldTime(Excerpt[HoldState]):
    """What the event of a new hold says of time."""

    practitioner: str
    resources: tuple[str, ...]
    busy_from: datetime
    busy_to: datetime
    expires_at: datetime


class Occupant(NamedTuple):
    """A booking (`owner` booking, its reference) or a hold (`owner` hold, its id), as of `version`."""

    owner: str
    reference: str
    version: int
    kept_until: datetime
    """When it may be forgotten: no late event can concern it any more."""


class State(NamedTuple):
    """What an occupant of a clinic occupies as of its version: exactly these times."""

    occupant: Occupant
    clinic: str
    times: Sequence[Busy]


def booking(reference: str, version: int, times: list[Busy], now: datetime) -> Occupant:
    """Return a booking that occupies `times`."""
    return Occupant(BOOKING, reference, version, _kept_until(times, now))


def hold(reference: str, version: int, times: list[Busy], now: datetime) -> Occupant:
    """Return a hold that occupies `times` until it expires."""
    return Occupant(HOLD, reference, version, _kept_until(times, now))


def ended_hold(reference: str, now: datetime) -> Occupant:
    """Return a hold that is over, whether or not it has been heard of before."""
    return Occupant(HOLD, reference, ENDED, _kept_until([], now))


def occupied_times(told: BookedTime) -> list[Busy]:
    """Return what the state of a booking occupies, buffers included; nothing once it is cancelled."""
    return [] if told.status == "cancelled" else _busy(told)


def held_times(told: HeldTime) -> list[Busy]:
    """Return what a hold occupies until it expires, buffers included."""
    return [time._replace(expires_at=told.expires_at) for time in _busy(told)]


def different(
    freed: Iterable[tuple[str, Busy]], taken: Iterable[tuple[str, Busy]], now: datetime
) -> list[tuple[str, Interval]]:
    """Return by clinic when something is free that was taken, or taken that was free, by what was freed and is taken.

    What a hold gave to its booking was taken and is. A hold that ends within moments may have been over already for
    whoever searched by another clock.
    """
    after = Counter((clinic, *time[:3]) for clinic, time in taken)
    lasted = (time for time in freed if time[1].expires_at is None or time[1].expires_at > now + _MOMENTS)
    before = Counter((clinic, *time[:3]) for clinic, time in lasted)
    return [(clinic, (start, end)) for clinic, _, start, end in [*(before - after), *(after - before)]]


def _busy(told: BookedTime | HeldTime) -> list[Busy]:
    keys = occupied_keys(told.practitioner, told.resources)
    return [Busy(key, told.busy_from, told.busy_to) for key in keys]


def _kept_until(times: list[Busy], now: datetime) -> datetime:
    return max([now, *(time.ends_at for time in times)]) + _LONGEST_REPLAY

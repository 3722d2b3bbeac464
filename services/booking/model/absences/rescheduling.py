"""Which other times are shown for bookings that cannot stay, and which of them suits each best (PRODUCT C12)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.booking.model.bookings import Booking

MOST = 3
"""So many times of the same practitioner are shown, and as many of others."""
APART = timedelta(minutes=30)
"""How far those of one practitioner lie apart: four starts within the hour would be one choice."""


class Place(NamedTuple):
    """A free time with somebody."""

    start: datetime
    end: datetime
    practitioner: str


@dataclass(frozen=True)
class Choice:
    """What is shown for a booking: times of its practitioner, and of others, the most fitting first.

    `suggested` is one of them, which no other booking is suggested; None where there is none.
    """

    same: Sequence[Place]
    others: Sequence[Place]
    suggested: Place | None


def places(slots: Iterable[Mapping[str, Any]]) -> list[Place]:
    """Return the free times of availability's answer, each with each practitioner who can take it.

    But not those that staff keep for something else: no patient who is moved unasked takes such a time (PRODUCT S2).
    """
    return [
        Place(datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"]), practitioner)
        for slot in slots
        for practitioner in slot["practitioners"]
        if practitioner not in slot.get("outside_online", ())
    ]


def choices(found: Sequence[tuple[Booking, Sequence[Place]]]) -> list[Choice]:
    """Return what is shown for each of these bookings, of which the first choose first.

    Nobody is moved to an earlier day where there is a later one, nor to somebody else where their own practitioner has
    a time: they have not been asked.
    """
    promised: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    shown = []
    for booking, free in found:
        fitting = sorted(free, key=lambda place: _distance(place, booking))
        same = [place for place in fitting if place.practitioner == booking.practitioner]
        others = [place for place in fitting if place.practitioner != booking.practitioner]
        before, after = booking.starts_at - booking.busy_from, booking.busy_to - booking.ends_at
        suggested = None
        for place in (*same, *others):
            busy = place.start - before, place.end + after
            if all(busy[1] <= start or end <= busy[0] for start, end in promised[place.practitioner]):
                suggested = place
                promised[place.practitioner].append(busy)
                break
        shown.append(Choice(_apart(same, suggested), _apart(others, suggested), suggested))
    return shown


def _distance(place: Place, booking: Booking) -> tuple[bool, timedelta, str]:
    return place.start < booking.starts_at, abs(place.start - booking.starts_at), place.practitioner


def _apart(fitting: Sequence[Place], suggested: Place | None) -> list[Place]:
    """Return the first of them that lie apart, what is suggested before all others."""
    chosen = [place for place in fitting if place == suggested]
    for place in fitting:
        if len(chosen) == MOST:
            break
        if all(place.practitioner != each.practitioner or abs(place.start - each.start) >= APART for each in chosen):
            chosen.append(place)
    return chosen

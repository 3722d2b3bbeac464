"""Which other times are shown for bookings that cannot stay, and which of them suits each best (PRODUCT C12)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """Return the free times of availability's answer, each with each practitioner who can take it, by start.

    But not those that staff keep for something else: no patient who is moved unasked takes such a time (PRODUCT S2).
    """
    return sorted(
        Place(datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"]), practitioner)
        for slot in slots
        for practitioner in slot["practitioners"]
        if practitioner not in slot.get("outside_online", ())
    )


def choices(found: Sequence[tuple[Booking, Sequence[Place]]]) -> list[Choice]:
    """Return what is shown for each of these bookings with its free times by start; the first choose first.

    Nobody is moved to an earlier time where there is a later one, nor to somebody else where their own practitioner has
    a time: they have not been asked.
    """
    promised = Promised()
    return [_choice(booking, free, promised) for booking, free in found]


class Promised:
    """The times that are suggested already, by practitioner."""

    def __init__(self) -> None:
        self._busy: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)

    def leaves(self, place: Place, booking: Booking) -> bool:
        """Tell whether a booking could be at that place beside all that is suggested."""
        start, end = _busy(place, booking)
        return all(end <= other or until <= start for other, until in self._busy[place.practitioner])

    def take(self, place: Place, booking: Booking) -> None:
        """Note that a place is suggested to a booking."""
        self._busy[place.practitioner].append(_busy(place, booking))


def _busy(place: Place, booking: Booking) -> tuple[datetime, datetime]:
    before, after = booking.starts_at - booking.busy_from, booking.busy_to - booking.ends_at
    return place.start - before, place.end + after


def _choice(booking: Booking, free: Sequence[Place], promised: Promised) -> Choice:
    shown: dict[bool, list[Place]] = {True: [], False: []}
    first: dict[bool, Place] = {}
    for place in _nearest_first(free, booking):
        is_own = place.practitioner == booking.practitioner
        if is_own not in first and promised.leaves(place, booking):
            first[is_own] = place
        if len(shown[is_own]) < MOST and _is_apart(place, shown[is_own]):
            shown[is_own].append(place)
        if True in first and len(shown[True]) == len(shown[False]) == MOST:
            break
    suggested = first.get(True) or first.get(False)
    if suggested is not None:
        promised.take(suggested, booking)
    own, other = (suggested, None) if True in first else (None, suggested)
    return Choice(_led_by(own, shown[True]), _led_by(other, shown[False]), suggested)


def _nearest_first(free: Sequence[Place], booking: Booking) -> Iterator[Place]:
    """Yield the later ones, the soonest first, and then the earlier ones."""
    later = bisect_left(free, booking.starts_at, key=lambda place: place.start)
    yield from free[later:]
    yield from reversed(free[:later])


def _is_apart(place: Place, others: Iterable[Place]) -> bool:
    return all(place.practitioner != each.practitioner or abs(place.start - each.start) >= APART for each in others)


def _led_by(lead: Place | None, shown: list[Place]) -> list[Place]:
    """Return what is shown behind what is suggested, as far as that lies apart from it."""
    return shown if lead is None else [lead, *(place for place in shown if _is_apart(place, [lead]))][:MOST]

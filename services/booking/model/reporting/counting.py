"""What each change of a booking counts as in the report on online booking (PRODUCT A2, ADR 50).

A change counts on the clinic's date on which it was made, with what was booked after it; a missed appointment counts
on its own date. What takes a change back counts as minus one of the same, on the same day: so sums are right in
whatever order changes are counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol, Self
from zoneinfo import ZoneInfo

from shared.contracts.booking import (
    BOOKING_CANCELLED,
    BOOKING_CHANGED,
    BOOKING_CREATED,
    BOOKING_MISSED,
    BOOKING_MOVED,
    BOOKING_RESTORED,
    Appointment,
    BookingState,
    Origin,
)
from shared.contracts.envelope import Event
from shared.contracts.plain import Excerpt, read

COUNTED = (
    BOOKING_CREATED, BOOKING_MOVED, BOOKING_CHANGED, BOOKING_CANCELLED, BOOKING_MISSED, BOOKING_RESTORED,
)  # fmt: skip
"""The changes that the report tells of."""

_MINUTE = timedelta(minutes=1)
_APPOINTMENT = frozenset(each.name for each in fields(Appointment))


class Place(NamedTuple):
    """Where something is counted: whose, on which of the clinic's dates, for what, with whom, from where it came."""

    clinic: str
    day: date
    type: str
    practitioner: str
    origin: str


@dataclass(frozen=True)
class Counts:
    """How often something happened. `lead_minutes` is the sum of the bookings' times from booking to appointment."""

    visits: int = 0
    bookings: int = 0
    moves: int = 0
    cancellations: int = 0
    missed: int = 0
    lead_minutes: int = 0

    def __add__(self, other: "Counts") -> Self:
        """Return both together."""
        return type(self)(*(mine + theirs for mine, theirs in zip(self.values, other.values, strict=True)))

    def __neg__(self) -> Self:
        """Return what takes this back."""
        return type(self)(*(-number for number in self.values))

    @property
    def values(self) -> tuple[int, ...]:
        """The numbers in their order."""
        return tuple(vars(self).values())


NOTHING = Counts()
Tally = dict[Place, Counts]


@dataclass(frozen=True)
class Told(Excerpt[BookingState]):
    """What the report reads of a booking after a change."""

    type: str
    practitioner: str
    start: datetime
    origin: Origin
    created_at: datetime
    previous: Appointment | None
    undoes: int | None = None
    imported: bool = False


@dataclass(frozen=True)
class Happened:
    """A change of a booking. `undone_at` is when the change was made that this one takes back, where it does so."""

    booking: str
    version: int
    clinic: str
    what: str
    at: datetime
    told: Told
    undone_at: datetime | None = None

    @property
    def key(self) -> tuple[str, int]:
        """By what it is known as counted."""
        return self.booking, self.version

    @property
    def undoes(self) -> tuple[str, int] | None:
        """Which change of the booking it takes back, None for none."""
        return None if self.told.undoes is None else (self.booking, self.told.undoes)

    @classmethod
    def of_event(cls, event: Event) -> "Happened":
        """Return the change that an event tells of; `undone_at` is still to be looked up."""
        at, told = datetime.fromisoformat(event.time), Told.read(event.data)
        return cls(event.subject, event.subject_version, event.clinic, event.type, at, told)


class Booked(Protocol):
    """What is read of a booking besides its history: what never changes of it."""

    @property
    def reference(self) -> str:
        """Its name."""
        ...

    @property
    def clinic(self) -> str:
        """Whose it is."""
        ...

    @property
    def origin(self) -> Origin:
        """Who booked it, by which way."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was booked."""
        ...


class Noted(Protocol):
    """What is read of an entry of its history."""

    @property
    def type(self) -> str:
        """The event's."""
        ...

    @property
    def at(self) -> datetime:
        """When it happened."""
        ...

    @property
    def version(self) -> int:
        """The booking's after it."""
        ...

    @property
    def changes(self) -> Mapping[str, Sequence[Any]]:
        """By field what it was before and after."""
        ...


def happened(booking: Booked, history: Iterable[Noted]) -> Iterator[Happened]:
    """Yield the changes of a booking that its whole history tells of, as their events did."""
    state: dict[str, Any] = {}
    made: dict[int, datetime] = {}
    for entry in history:
        before = dict(state)
        state.update({name: pair[1] for name, pair in entry.changes.items() if name in _APPOINTMENT})
        if entry.type not in COUNTED:
            continue
        made[entry.version] = entry.at
        now = read(Appointment, state)
        undoes = entry.changes.get("undoes", [None, None])[1]
        told = Told(
            type=now.type,
            practitioner=now.practitioner,
            start=now.start,
            origin=booking.origin,
            created_at=booking.created_at,
            previous=read(Appointment, before) if before and before != state else None,
            undoes=undoes,
            imported="imported" in entry.changes,
        )
        yield Happened(
            booking.reference, entry.version, booking.clinic, entry.type, entry.at, told, made.get(undoes or 0)
        )


def tally(changes: Iterable[Happened], zones: Mapping[str, ZoneInfo]) -> Tally:
    """Return what changes count as; `zones` are the clinics' time zones. A change whose clinic has none is left out."""
    counted: Tally = {}
    for change in changes:
        zone = zones.get(change.clinic)
        for place, counts in () if zone is None else _counted(change, zone):
            counted[place] = counted.get(place, NOTHING) + counts
    return {place: counts for place, counts in counted.items() if counts != NOTHING}


def _counted(change: Happened, zone: ZoneInfo) -> Iterator[tuple[Place, Counts]]:
    told, counts = change.told, _counts(change)
    if counts == NOTHING:
        return
    at: datetime = told.start if counts.missed else change.at
    of: Told | Appointment = told
    if change.undoes is not None:
        counts, at, of = -counts, change.undone_at or change.at, told.previous or told
    yield Place(change.clinic, at.astimezone(zone).date(), of.type, of.practitioner, told.origin), counts


def _counts(change: Happened) -> Counts:
    """Return as what a change counts, or for one that takes another back that other one."""
    told = change.told
    if change.what == BOOKING_CREATED:
        lead = max(told.start - told.created_at, timedelta())
        return NOTHING if told.imported else Counts(bookings=1, lead_minutes=lead // _MINUTE)
    if change.what in (BOOKING_MOVED, BOOKING_CHANGED):
        return NOTHING if told.previous is None else Counts(moves=1)
    if change.what == BOOKING_MISSED:
        return Counts(missed=1)
    was_missed = change.what == BOOKING_RESTORED and change.undoes is None
    return Counts(missed=-1) if was_missed else Counts(cancellations=1)

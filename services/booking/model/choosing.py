"""Which practitioner and which rooms take a wanted time: the first free ones, in document order (PRODUCT S13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.clinic.occupancy import occupied_keys, practitioner_key, resource_key
from shared.clinic.starts.candidates import Candidate
from shared.clinic.uses import first_unmet


@dataclass(frozen=True)
class Taken:
    """A time that was found free: the practitioner's candidate and the resources chosen for it, by key."""

    candidate: Candidate
    resources: tuple[str, ...]

    def occupied(self) -> list[str]:
        """Return the occupancy keys that this time takes."""
        return occupied_keys(self.candidate.practitioner, self.resources)


@dataclass(frozen=True)
class Occupied:
    """A stretch of one resource's time that is taken, by a booking or (with an expiry) by a hold."""

    resource: str
    starts_at: datetime
    ends_at: datetime
    booking: str | None
    hold: str | None
    expires_at: datetime | None

    def has_expired(self, now: datetime) -> bool:
        """Tell whether this was a hold that the clock has ended."""
        return self.expires_at is not None and self.expires_at <= now


class Busy(Exception):
    """Nobody who could take the time is free. `held`: only holds are in the way of one of them.

    `gives_up_undo`: these keep it for what who asks may still undo; booking it is to give that up (PRODUCT C10).
    """

    def __init__(self, held: bool, *, gives_up_undo: bool = False) -> None:
        super().__init__("held" if held else "taken")
        self.held = held
        self.gives_up_undo = gives_up_undo


class OnlyForKnown(Exception):
    """Those who are free take no patients that the clinic does not know (PRODUCT S13)."""


@dataclass(frozen=True)
class InTheWay:
    """What of one stretch of time is not free: occupancy keys by whether a booking or only a hold has them."""

    booked: frozenset[str]
    held: frozenset[str]

    @classmethod
    def between(cls, rows: Iterable[Occupied], busy_from: datetime, busy_to: datetime) -> "InTheWay":
        """Return what overlaps the half-open range `[busy_from, busy_to)`."""
        overlapping = [row for row in rows if row.starts_at < busy_to and busy_from < row.ends_at]
        return cls(
            booked=frozenset(row.resource for row in overlapping if row.booking is not None),
            held=frozenset(row.resource for row in overlapping if row.booking is None),
        )


def choose(candidates: Sequence[Candidate], rows: Sequence[Occupied], unwelcoming: Sequence[Candidate] = ()) -> Taken:
    """Return the first candidate that is free, with its resources; raise Busy where none is.

    `rows` is what others occupy around the time, without what has expired and without the caller's own. Where only
    somebody of the `unwelcoming` is free, who could take the time but not this patient, it is OnlyForKnown.
    """
    held = False
    for candidate in candidates:
        ways = InTheWay.between(rows, candidate.busy_from, candidate.busy_to)
        resources = _resources_for(candidate, ways.booked | ways.held)
        if resources is not None:
            return Taken(candidate, resources)
        held = held or _resources_for(candidate, ways.booked) is not None
    if any(_is_free(candidate, rows) for candidate in unwelcoming):
        raise OnlyForKnown
    raise Busy(held)


def _is_free(candidate: Candidate, rows: Sequence[Occupied]) -> bool:
    ways = InTheWay.between(rows, candidate.busy_from, candidate.busy_to)
    return _resources_for(candidate, ways.booked | ways.held) is not None


def assign(uses: Sequence[Sequence[str]], busy: frozenset[str]) -> tuple[str, ...] | None:
    """Return one resource per use, no resource twice, none of `busy`; None where that cannot be.

    Of all ways the one that serves the earlier uses with the earlier resources. Where pools overlap a first-come
    choice can paint itself into a corner, so each choice is kept only if the uses after it can still be met.
    """
    chosen: list[str] = []
    for position, use in enumerate(uses):
        rest = uses[position + 1 :]
        for resource in use:
            if resource in busy or resource in chosen:
                continue
            if first_unmet(rest, busy | {*chosen, resource}) is None:
                chosen.append(resource)
                break
        else:
            return None
    return tuple(chosen)


def _resources_for(candidate: Candidate, busy: frozenset[str]) -> tuple[str, ...] | None:
    if practitioner_key(candidate.practitioner) in busy:
        return None
    wanted = {key for use in candidate.uses for key in use}
    return assign(candidate.uses, frozenset(key for key in wanted if resource_key(key) in busy))

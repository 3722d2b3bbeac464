"""Which of the former system's appointments find room, and what is in the way of the others (PRODUCT C14, B11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.booking.model.bookings import Booking
from services.booking.model.choosing import Busy, Occupied, Taken, choose
from services.booking.model.moving_in.lines import Wanted
from shared.clinic.occupancy import Interval
from shared.clinic.starts.candidates import Candidate


@dataclass(frozen=True)
class Placed:
    """A line that has found its time: for a new booking, or for the one that `moves`."""

    wanted: Wanted
    taken: Taken
    reference: str
    moves: Booking | None


class Room:
    """The time that is taken, as far as a batch is about it, and what the batch takes of it."""

    def __init__(self, rows: Iterable[Occupied]) -> None:
        self._rows = list(rows)

    def take(self, candidate: Candidate, reference: str) -> Taken | None:
        """Take a time for a booking, in place of what it had; None where others are in the way."""
        others = [row for row in self._rows if row.booking != reference]
        try:
            taken = choose([candidate], others)
        except Busy:
            return None
        self._rows = [*others, *_rows(taken, reference)]
        return taken

    def in_the_way(self, candidate: Candidate, reference: str | None = None) -> list[Occupied]:
        """Return what a time overlaps of everything that it might use."""
        keys = candidate.occupied_keys()
        return [
            row
            for row in self._rows
            if row.resource in keys
            and row.booking != reference
            and row.starts_at < candidate.busy_to
            and candidate.busy_from < row.ends_at
        ]


def _rows(taken: Taken, reference: str) -> list[Occupied]:
    busy = taken.candidate.occupied
    return [Occupied(key, *busy, reference, None, None) for key in taken.occupied()]


def times(wanted: Iterable[Wanted]) -> set[tuple[str, Interval]]:
    """Return every stretch of somebody's or something's time that lines might take."""
    return {(key, each.candidate.occupied) for each in wanted for key in each.candidate.occupied_keys()}

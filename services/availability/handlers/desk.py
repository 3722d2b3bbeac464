"""What availability's use cases work with, the clinics as the process knows them and the searches that it keeps too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from shared import desk
from shared.contracts.availability import SERVICE

if TYPE_CHECKING:
    from services.availability.model.current import Clinic, CurrentClinics
    from services.availability.pictures.drawing import Drawn
    from services.availability.store import AvailabilityStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.storage.slot_cache import Asked, Before, Entry, Question


class Announces(Protocol):
    """Tells every process which revision of a clinic is in force."""

    def announce(self, clinic: str, revision: int) -> None:
        """Tell it; never fails."""
        ...


class KeepsSearches(Protocol):
    """The slot cache, as far as searches and taken time need it."""

    def before(self, clinic: str, days: Sequence[str]) -> Before | None:
        """Return what counts for these dates as yet; None where nothing can be kept."""
        ...

    def keep(
        self,
        question: Question,
        revision: int,
        before: Before,
        entries: Mapping[str, bytes],
        seconds: Callable[[str], float],
    ) -> None:
        """Keep an answer by date, each for so long, unless something has changed since `before`."""
        ...

    def drop_unasked(self, clinic: str, days: Sequence[str]) -> dict[str, Asked]:
        """Let nothing count any more that was worked out for these dates, but for the returned ones; never fails."""
        ...

    def renew(
        self, clinic: str, revision: int, asked: Mapping[str, Asked], entries: Mapping[str, Sequence[Entry]]
    ) -> None:
        """Let nothing count any more that was worked out for the `asked` dates, but for `entries`; never fails."""
        ...


class Bookings(Protocol):
    """The booking service, as far as absences ask it; it asks nothing back."""

    def find_collisions(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Return a page of the bookings that are in the way between UTC moments: `{collisions, next, count}`."""
        ...


class Draws(Protocol):
    """Draws pictures anew."""

    def drawn(self, sent: bytes) -> Drawn:
        """Return the picture that a file shows, as it is kept; raise Invalid."""
        ...


@dataclass(frozen=True)
class Desk(desk.Desk):
    """One call's surroundings, or one event's; `documents` are the clinics with their plans."""

    source = SERVICE

    work: UnitOfWork[AvailabilityStore]
    documents: CurrentClinics
    searched: KeepsSearches
    revisions: Announces
    bookings: Bookings
    studio: Draws

    def clinic(self, key: str) -> Clinic:
        """Return a clinic as it is now; raise NotFound. One SQL statement, in a view of its own."""
        with self.work.reading() as store:
            return self.documents.get(store, key)

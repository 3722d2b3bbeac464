"""Taking time: lock, look, choose, take, in one transaction, with the database's constraint as the net (B11)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import publish
from services.booking.model.choosing import Busy, Occupied, Taken, choose
from services.booking.model.holds import released
from shared.clinic.starts.candidates import Candidate

if TYPE_CHECKING:
    from services.booking.store import BookingStore


def find_free(
    store: "BookingStore",
    desk: Desk,
    clinic: str,
    candidates: Sequence[Candidate],
    *,
    unwelcoming: Sequence[Candidate] = (),
    own_hold: str | None = None,
    own_booking: str | None = None,
    to_hold: bool = False,
) -> Taken:
    """Return the first candidate that is free, with its resources; nobody else can take them until the commit.

    Holds that have expired and are in the way end here; what the own hold or booking occupies is not in the way.
    Where nobody is free but for what who acts may still undo, they give that up, unless it is only `to_hold` the time.
    Raises Busy where nobody is free, OnlyForKnown where somebody of the `unwelcoming` is; those are only looked at.
    """
    looked_at = [*candidates, *unwelcoming]
    store.lock(clinic, _keys(candidates))
    rows = store.occupied(
        clinic,
        _keys(looked_at),
        min(candidate.busy_from for candidate in looked_at),
        max(candidate.busy_to for candidate in looked_at),
    )
    expired = {row.hold for row in rows if row.hold is not None and row.has_expired(desk.now)} - {own_hold}
    if expired:
        publish(store, desk, *map(released, store.release_holds(expired, desk.now)))
    in_the_way = [
        row
        for row in rows
        if not row.has_expired(desk.now)
        and (own_hold is None or row.hold != own_hold)
        and (own_booking is None or row.booking != own_booking)
    ]
    try:
        return choose(candidates, in_the_way, unwelcoming)
    except Busy as busy:
        if not busy.held or desk.actor.kind != "staff":
            raise
        return _kept_by_own_undo(store, desk, clinic, candidates, in_the_way, to_hold=to_hold)


def _kept_by_own_undo(
    store: "BookingStore",
    desk: Desk,
    clinic: str,
    candidates: Sequence[Candidate],
    rows: Sequence[Occupied],
    *,
    to_hold: bool,
) -> Taken:
    """Return the first candidate that only own changes keep, which can be undone no more from now on (PRODUCT C10)."""
    own = store.holds_of_undo(clinic, desk.actor.brief(), desk.now)
    taken = choose(candidates, [row for row in rows if row.hold not in own])
    if to_hold:
        raise Busy(held=True, gives_up_undo=True)
    time, keys = taken.candidate, taken.occupied()
    given_up = {
        row.hold: own[row.hold]
        for row in rows
        if row.hold in own and row.resource in keys and row.starts_at < time.busy_to and time.busy_from < row.ends_at
    }
    publish(store, desk, *map(released, store.release_holds(given_up)))
    store.give_up_undo(given_up.values())
    return taken


def _keys(candidates: Sequence[Candidate]) -> set[str]:
    return set().union(*(candidate.occupied_keys() for candidate in candidates))

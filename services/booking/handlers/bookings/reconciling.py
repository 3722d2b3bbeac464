"""What booking keeps of a booking, compared with its row, and its copy of needs, compared with patient's (ADR 21)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from services.booking.handlers.bookings.reading import after_booking
from services.booking.handlers.bookings.retelling import page_of
from services.booking.handlers.desk import Desk
from services.booking.model.bookings import CANCELLED, Booking
from services.booking.model.choosing import Busy
from services.booking.model.history import Entry, Head
from services.booking.model.needs import Need
from shared.contracts.booking import BOOKING_CANCELLED
from shared.contracts.envelope import Event
from shared.contracts.reconciling import AT_ONCE, Asked, Difference, answer, as_differences
from shared.ids import new_id

if TYPE_CHECKING:
    from services.booking.store import BookingStore

TIME, HISTORY, WATCH_LIST, NEED = "occupied time", "history", "watch list", "copy of the need"


class Needs(Protocol):
    """The patient service, as far as booking compares its copy of needs with it."""

    def need_states(self, clinic: str, **which: Any) -> dict[str, Any]:
        """Return a page of a clinic's needs, each as the event that tells of it: `{needs, next}`."""
        ...


def reconcile(desk: Desk, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return of which bookings time, history or watch list are not as their rows say; put right what can be.

    What a history lacks nobody can write, and time that somebody else has by now stays theirs.
    """
    with desk.work.snapshot() as store:
        page = page_of(store, desk, clinic, asked)
        bookings = page[:AT_ONCE]
        found = as_differences(_compared(store, desk, bookings))
    if asked["repair"]:
        for reference, difference in found.items():
            _mend(desk, reference, difference)
    return answer(len(bookings), found, after_booking(bookings[-1]) if len(page) > AT_ONCE else None)


def reconcile_needs(desk: Desk, needs: Needs, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return of which needs booking keeps something else than patient says; put them right."""
    which = {name: asked[name] for name in ("cursor", "references") if asked[name] is not None}
    page = needs.need_states(clinic, **which)
    told = {each.id: each for each in (Need.from_event(Event.from_json(sent)) for sent in page["needs"])}
    with desk.work.reading() as store:
        kept = store.needs_kept(told)
    found = as_differences((id, _compared_need(need, kept.get(id))) for id, need in told.items())
    if asked["repair"]:
        with desk.work() as store:
            for id, difference in found.items():
                store.keep_needs([told[id]], instead_of=difference.held)
    return answer(len(told), found, page["next"])


def _compared(store: "BookingStore", desk: Desk, bookings: Sequence[Booking]) -> list[tuple[str, Difference]]:
    references = [booking.reference for booking in bookings]
    taken, watched = store.taken_by(references), store.watched_of(references)
    histories = store.histories_of(references)
    found = []
    for booking in bookings:
        entries = histories.get(booking.reference, [])
        what = (
            *([TIME] if taken.get(booking.reference, set()) != _occupied(booking) else []),
            *([HISTORY] if not _is_whole(desk, booking, entries) else []),
            *([WATCH_LIST] if _cancelled_by_patient(entries) and booking.reference not in watched else []),
        )
        found.append((booking.reference, Difference(what, booking.version)))
    return found


def _mend(desk: Desk, reference: str, difference: Difference) -> None:
    """Put right what can be; a booking that has changed meanwhile has brought its own in order itself."""

    def mend(store: "BookingStore") -> None:
        booking = store.booking(reference, for_change=True)
        if booking is None or booking.version != difference.held:
            return
        if TIME in difference.what:
            store.lock(booking.clinic, booking.occupied())
            store.free_booking(reference)
            if booking.status != CANCELLED:
                busy = (booking.busy_from, booking.busy_to)
                store.occupy(booking.clinic, booking.occupied(), *busy, booking=reference)
        if WATCH_LIST in difference.what and not store.watched_of([reference]):
            cancelled = _cancelled_by_patient(store.histories_of([reference])[reference])
            if cancelled is not None:
                store.watch(new_id(), booking.clinic, reference, cancelled.at)

    try:
        desk.transaction(mend)
    except Busy:
        return  # the time is somebody else's: it stays a difference, and people have to settle it


def _occupied(booking: Booking) -> set[tuple[str, Any, Any]]:
    if booking.status == CANCELLED:
        return set()
    return {(key, booking.busy_from, booking.busy_to) for key in booking.occupied()}


def _is_whole(desk: Desk, booking: Booking, entries: Sequence[Entry]) -> bool:
    head = Head(booking.reference, booking.history_length, booking.history_head)
    return next(iter(desk.chain.verify(head, entries)), None) is None


def _cancelled_by_patient(entries: Sequence[Entry]) -> Entry | None:
    return next((each for each in entries if each.type == BOOKING_CANCELLED and each.actor["kind"] == "patient"), None)


def _compared_need(need: Need, kept: tuple[int, tuple[object, ...]] | None) -> Difference:
    if kept is None:
        return Difference((NEED,))
    version, said = kept
    told = (need.patient, need.type, need.practitioner, need.minutes, need.week, need.state)
    return Difference(() if (version, said) == (need.version, told) else (NEED,), version)

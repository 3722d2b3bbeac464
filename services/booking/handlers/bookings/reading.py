"""What is shown without changing anything: one booking, lists of them, histories."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from services.booking.handlers import views
from services.booking.handlers.alternatives import told_of_move
from services.booking.handlers.desk import Desk, present
from services.booking.handlers.opening import open_booking, staff_booking
from services.booking.model.bookings import LINK_LIFETIME, Booking, Watched
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.deadlines import after_move, require_may
from services.booking.model.requests import BookingQuery, WatchListQuery
from services.booking.model.typed import typed_by
from shared.clinic.times.wall_clock import midnight
from shared.contracts.errors import LoginRequired
from shared.incoming.paging import Paging, page, read_cursor, write_cursor
from shared.incoming.unread import Unread

View = dict[str, Any]

MOST_COUNTED = 100
"""Who has so many on the watch list needs no exact number."""


def get(desk: Desk, clinic: str, reference: str) -> View:
    """Return one booking as staff see it, once patient has written down who does (PRODUCT A3).

    Raises what `staff_booking` does; Unavailable or Timeout where it cannot be written down.
    """
    booking, rules = staff_booking(desk, clinic, reference)
    if desk.actor.kind != "service":  # which shows it to nobody itself
        seen = {"patient": booking.patient_id, "booking": booking.reference}
        desk.patients.note_opening(clinic, **seen, by=desk.actor.brief())
    return views.for_staff(desk, booking, rules)


def find(desk: Desk, clinic: str, query: BookingQuery) -> View:
    """Return a page of a clinic's bookings by start; a therapist's own only (C1)."""
    rules = desk.rules(clinic)
    with desk.work.reading() as store:
        found = store.find_bookings(
            clinic,
            now=desk.now,
            first=_midnight(query.first, rules),
            last=_midnight(query.last, rules, days_later=1),
            practitioner=desk.require_calendar(query.practitioner),
            status=query.status,
            patient=query.patient,
            reference=query.reference,
            after=read_cursor(query.cursor),
            limit=query.limit + 1,
        )
    return page("bookings", found, query.limit, lambda booking: views.for_staff(desk, booking, rules), after_booking)


def my_bookings(desk: Desk, clinic: str, unread: Unread[Paging]) -> View:
    """Return a page of the bookings of who has logged in, to come and of the last 30 days, by start (PRODUCT M7).

    Those are what was booked with the proven mobile, and all bookings of the records where the clinic has confirmed it.
    Each as its patient sees it, with `may` and `manage_token`. Raises NotFound, LoginRequired or Invalid.
    """
    rules = desk.rules(clinic)
    proof = desk.proof(clinic)
    if not proof.is_login:
        raise LoginRequired.because("Log in with a code to your mobile first.")
    limit, cursor = unread.read()
    after = read_cursor(cursor)
    patients = desk.patients_of(clinic, proof)
    typed = typed_by(desk.keys.lookups, clinic, proof)
    with desk.work.reading() as store:
        found = store.bookings_of_login(clinic, patients, typed, desk.now - LINK_LIFETIME, after, limit + 1)
    return page("bookings", found, limit, lambda booking: views.for_login(desk, booking, rules), after_booking)


def open_link(desk: Desk, token: str) -> View:
    """Return the booking that a personal link opens, with what may be done to it (PRODUCT M1)."""
    booking, rules = open_booking(desk, token)
    return views.by_link(desk, booking, rules)


def slots_for(desk: Desk, token: str, unread: Unread[tuple[date, date]]) -> View:
    """Return the times that a booking may move to (PRODUCT M4): `{"slots": […]}` as `availability.slots`.

    Each says under `then` what the patient may still do after that move: some are so near that nothing is left (M6).
    Who was invited to choose another time gets those of whoever takes the type (C12).
    Raises NotFound, Gone, BookingOff, FunctionOff, Invalid, AlreadyCancelled, NotChangeable or TooLate.
    """
    booking, rules = open_booking(desk, token)
    rules.require_on("rebook")
    first, last = unread.read()
    require_may("rebook", booking, rules, desk.now)
    query = {
        "type": booking.type,
        **present(practitioner=booking.kept_practitioner),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "moving": told_of_move(booking, rules),
    }
    found = desk.availability.slots(booking.clinic, **query)["slots"]
    return {"slots": [{**slot, "then": _then(desk, booking, slot, rules)} for slot in found]}


def _then(desk: Desk, booking: Booking, slot: View, rules: ClinicRules) -> list[str]:
    return after_move(booking, datetime.fromisoformat(slot["start"]), rules, desk.now)


def history(desk: Desk, clinic: str, reference: str, unread: Unread[tuple[int, int]]) -> View:
    """Return a page of a booking's history, the oldest first (PRODUCT A1)."""
    booking, rules = staff_booking(desk, clinic, reference)
    limit, after = unread.read()
    with desk.work.reading() as store:
        entries = store.history_entries(booking.reference, after, limit + 1)
    return page(
        "history",
        entries,
        limit,
        show=lambda entry: views.history_entry(desk, entry, rules),
        cursor=lambda entry: str(entry.position),
    )


def treated(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> View:
    """Return `{patients}`: those of some patients whom a practitioner treats, or is to treat by a need (PRODUCT C1)."""
    with desk.work.reading() as store:
        return {"patients": sorted(store.treated(clinic, asked["practitioner"], asked["patients"]))}


def watch_list(desk: Desk, clinic: str, asked: WatchListQuery) -> View:
    """Return a page of the watch list (PRODUCT M5): what is open, the oldest first, or was done, the latest first."""
    rules = desk.rules(clinic)
    own, after = desk.require_calendar(None), read_cursor(asked.cursor)
    with desk.work.reading() as store:
        found = store.watch_list(clinic, own, after, asked.limit + 1, done=asked.done)
    return page(
        "watch_list",
        found,
        asked.limit,
        show=lambda watched: views.watch_entry(desk, watched, rules),
        cursor=_after_watched,
    )


def watch_list_count(desk: Desk, clinic: str) -> View:
    """Return `{open}`: how many entries of the watch list are open, up to `MOST_COUNTED`; a therapist's own (C1)."""
    desk.rules(clinic)
    own = desk.require_calendar(None)
    with desk.work.reading() as store:
        return {"open": store.open_watched(clinic, own, MOST_COUNTED)}


def _midnight(day: date | None, rules: ClinicRules, days_later: int = 0) -> datetime | None:
    if day is None:
        return None
    return midnight(day + timedelta(days=days_later), rules.zone)


def _after_watched(watched: Watched) -> str:
    return write_cursor(watched.done_at or watched.at, watched.id)


def after_booking(booking: Booking) -> str:
    """Return the cursor behind a booking in a list by start."""
    return write_cursor(booking.starts_at, booking.reference)

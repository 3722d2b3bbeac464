"""Bookings are told again, for who compares what it holds with them."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.booking.handlers.bookings.reading import after_booking
from services.booking.handlers.desk import Desk
from services.booking.model.bookings import Booking
from services.booking.model.changes import is_news, retold
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Entry
from shared.contracts.booking import EVENTS, LINK_RENEWED, BookingState
from shared.contracts.reconciling import AT_ONCE, Asked, Retold
from shared.incoming.paging import page, read_cursor

if TYPE_CHECKING:
    from services.booking.store import BookingStore

_TELLING = tuple(type for type, data in EVENTS.items() if issubclass(data, BookingState))
_RETOLD = uuid.UUID("6a4f0d5e-58cb-4f0e-9d3b-0c8f0f9f0c11")


def states(desk: Desk, clinic: str, asked: Asked) -> dict[str, Any]:
    """Return `{bookings, next}`: a page of a clinic's bookings by start, each as `Retold` writes it, or those named.

    Of those that are named `published` is told too.
    """
    rules, named = desk.rules(clinic), asked["references"]
    with desk.work.snapshot() as store:
        found = page_of(store, desk, clinic, asked)
        references = [booking.reference for booking in found]
        histories = store.histories_of(references)
        published = store.published_of(references, _TELLING) if named is not None else {}

    def told(booking: Booking) -> dict[str, Any]:
        entries = histories.get(booking.reference, [])
        return _retold(desk, booking, entries, published.get(booking.reference, {}), rules).to_json()

    return page("bookings", found, AT_ONCE, told, after_booking)


def page_of(store: "BookingStore", desk: Desk, clinic: str, asked: Asked) -> list[Booking]:
    """Return the bookings that are asked for, one more than a page where there are more."""
    if asked["references"] is not None:
        return [booking for booking in store.bookings_named(asked["references"]) if booking.clinic == clinic]
    return store.find_bookings(
        clinic,
        now=desk.now,
        first=asked["since"],
        last=None,
        practitioner=None,
        status=None,
        patient=None,
        after=read_cursor(asked["cursor"]),
        limit=AT_ONCE + 1,
    )


def _retold(
    desk: Desk, booking: Booking, entries: Sequence[Entry], published: dict[str, str], rules: ClinicRules
) -> Retold:
    """Return a booking told again, by whom and when its newest change was made.

    Its id is that of the event that told so, where that can still come, and else the same however often it is told.
    """
    newest = next(filter(is_news, reversed(entries)), None)
    what = retold(booking, newest, rules)
    of_type = [id for id, type in published.items() if type == what.type]
    event = replace(
        desk.event(what.type, what.clinic, what.subject, what.version, what.data),
        id=of_type[-1] if of_type else uuid.uuid5(_RETOLD, f"{booking.reference} {booking.version}").hex,
    )
    if newest is not None:
        event = replace(event, actor=newest.actor, time=newest.at.isoformat())
    links = [entry.version for entry in entries if entry.type == LINK_RENEWED]
    return Retold(event, 1 if newest is None else newest.version, max(links, default=0), booking.patient_id, published)

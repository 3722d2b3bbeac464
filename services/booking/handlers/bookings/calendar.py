"""The bookings of the staff's calendar: little of each, of all at once (PRODUCT C6)."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from services.booking.handlers.desk import Desk, local
from services.booking.model.bookings import Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import unreached
from services.booking.model.requests import CalendarQuery, FeedQuery
from shared.clinic.times.wall_clock import midnight

View = dict[str, Any]

SHOWN_OF_MESSAGE = 120
"""So many characters of what a patient wrote are shown; the booking itself has all of it."""


def calendar(desk: Desk, clinic: str, asked: CalendarQuery) -> View:
    """Return `{bookings}`: those that start on the dates and were not cancelled, by start; a therapist's own (C1).

    Two SQL statements, however many there are. Raises NotFound, Forbidden or Invalid.
    """
    rules = desk.rules(clinic)
    start, end = midnight(asked.first, rules.zone), midnight(asked.last + timedelta(days=1), rules.zone)
    practitioner = desk.require_calendar(asked.practitioner)
    with desk.work.reading() as store:
        found = store.bookings_between(clinic, start, end, practitioner)
        failed = unreached(store.deliveries_of([booking.reference for booking in found]))
    return {"bookings": [_light(desk, booking, rules, failed) for booking in found]}


def calendar_feed(desk: Desk, clinic: str, asked: FeedQuery) -> View:
    """Return `{bookings}` of a practitioner as calendar programs are told of them, by start (PRODUCT C16).

    `{reference, start, end, version}` of those that were not cancelled; `type`, `first_name` and `last_name` only where
    `names` are asked for: else nothing sealed is opened. One SQL statement, however many there are. Raises NotFound.
    """
    rules = desk.rules(clinic)
    start, end = midnight(asked.first, rules.zone), midnight(asked.last + timedelta(days=1), rules.zone)
    with desk.work.reading() as store:
        found = store.bookings_between(clinic, start, end, asked.practitioner)
    return {"bookings": [_least(desk, booking, rules, names=asked.names) for booking in found]}


def _least(desk: Desk, booking: Booking, rules: ClinicRules, *, names: bool) -> View:
    least = {
        "reference": booking.reference,
        "start": local(booking.starts_at, rules.zone),
        "end": local(booking.ends_at, rules.zone),
        "version": booking.version,
    }
    if not names:
        return least
    person = desk.keys.people.open(booking.person)
    return {**least, "type": booking.type, "first_name": person["first_name"], "last_name": person["last_name"]}


def _light(desk: Desk, booking: Booking, rules: ClinicRules, failed: Collection[str]) -> View:
    """Return a booking as the calendar shows it; `failed` are those of which a message has reached nobody."""
    person = desk.keys.people.open(booking.person)
    return {
        "reference": booking.reference,
        "start": local(booking.starts_at, rules.zone),
        "end": local(booking.ends_at, rules.zone),
        "practitioner": booking.practitioner,
        "resources": list(booking.resources),
        "type": booking.type,
        "status": booking.status_at(desk.now),
        "origin": booking.origin,
        "first_name": person["first_name"],
        "last_name": person["last_name"],
        "message": (person.get("message") or "")[:SHOWN_OF_MESSAGE] or None,
        "has_note": booking.note is not None,
        "arrived_at": None if booking.arrived_at is None else local(booking.arrived_at, rules.zone),
        "failed_message": booking.reference in failed,
        "not_told": booking.not_told is not None,
        "version": booking.version,
    }

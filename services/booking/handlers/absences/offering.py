"""Other times for what stands in the way of an absence: of the same practitioner, and of others (PRODUCT C12)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from services.booking.handlers import views
from services.booking.handlers.absences.finding import Absence, find_absence, met
from services.booking.handlers.bookings.reading import after_booking
from services.booking.handlers.desk import Desk, local
from services.booking.model.absences.rescheduling import Choice, Place, choices, places
from services.booking.model.bookings import Booking
from services.booking.model.recalls import unreachable
from shared.clinic.sms_countries import sms_countries
from shared.incoming.paging import Paging, page, read_cursor

View = dict[str, Any]

_SEARCHED = timedelta(days=20)
"""From the week of the booking on; availability answers for a month at most."""


class _Search(NamedTuple):
    """What bookings that are alike ask for."""

    type: str
    minutes: int
    first: date


def collision_times(desk: Desk, clinic: str, id: str, asked: Paging) -> View:
    """Return a page of the bookings in the way of an absence, each with times to which it could be moved.

    `{collisions: [{booking, same, others, suggested, reach}], next, count}`: a time is `{start, end, practitioner}`,
    `suggested` one of them that no other booking of the page is suggested (null: none is free within three weeks),
    `reach` the channels by which its patient can be asked to choose one. A therapist moves bookings within their own
    calendar (C1). Raises NotFound, Forbidden or Invalid; Timeout and Unavailable where availability does not answer.
    """
    absence = find_absence(desk, clinic, id)
    after = read_cursor(asked.cursor)
    with desk.work.snapshot() as store:
        references = met(store, desk, absence, after)
        found = store.bookings_named(references[: asked.limit + 1])
    shown = found[: asked.limit]
    told = dict(zip((each.reference for each in shown), choices(_with_places(desk, absence, shown)), strict=True))
    listed = page(
        "collisions",
        found,
        asked.limit,
        show=lambda booking: _collision(desk, absence, booking, told[booking.reference]),
        cursor=after_booking,
    )
    return {**listed, "count": len(references)}


def reach(desk: Desk, absence: Absence, booking: Booking) -> list[str]:
    """Return the channels by which a booking's patient is told that they may choose another time."""
    document = absence.rules.document
    person, countries = desk.open_person(booking.person), sms_countries(document)
    return [channel for channel in document["channels"]["moved"] if not unreachable(channel, person, None, countries)]


def _with_places(desk: Desk, absence: Absence, bookings: Sequence[Booking]) -> list[tuple[Booking, list[Place]]]:
    searches = {booking.reference: _search(desk, absence, booking) for booking in bookings}
    known = [search for search in dict.fromkeys(searches.values()) if absence.rules.type(search.type) is not None]
    pending = {search: _asked(desk, absence, search) for search in known}
    free = {search: places(answer.result()["slots"]) for search, answer in pending.items()}
    return [(booking, free.get(searches[booking.reference], [])) for booking in bookings]


def _search(desk: Desk, absence: Absence, booking: Booking) -> _Search:
    on = booking.starts_at.astimezone(absence.rules.zone).date()
    monday = on - timedelta(days=on.weekday())
    return _Search(booking.type, booking.minutes, max(monday, desk.today(absence.rules)))


def _asked(desk: Desk, absence: Absence, search: _Search) -> Any:
    own = desk.actor.own_calendar
    query: Mapping[str, Any] = {
        "type": search.type,
        "minutes": search.minutes,
        "from": search.first.isoformat(),
        "to": (search.first + _SEARCHED).isoformat(),
        **({} if own is None else {"practitioner": own}),
    }
    return desk.availability.free_slots.call_async(absence.rules.clinic, **query)


def _collision(desk: Desk, absence: Absence, booking: Booking, choice: Choice) -> View:
    return {
        "booking": views.for_staff(desk, booking, absence.rules),
        "same": [_place(absence, place) for place in choice.same],
        "others": [_place(absence, place) for place in choice.others],
        "suggested": None if choice.suggested is None else _place(absence, choice.suggested),
        "reach": reach(desk, absence, booking),
    }


def _place(absence: Absence, place: Place) -> View:
    zone = absence.rules.zone
    return {"start": local(place.start, zone), "end": local(place.end, zone), "practitioner": place.practitioner}

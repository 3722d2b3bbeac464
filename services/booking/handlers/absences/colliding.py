"""Which bookings stand in the way of absences (PRODUCT S8); asked by availability, which is not asked back."""

from typing import Any

from services.booking.handlers import views
from services.booking.handlers.absences.finding import COUNTED_AT_MOST
from services.booking.handlers.bookings.reading import after_booking
from services.booking.handlers.desk import Desk
from services.booking.model.requests import CollisionSearch, Stretch
from shared.incoming.paging import page, read_cursor

View = dict[str, Any]

FOR_VERSION_0_1_0 = 200
"""So many bookings are told to availability of version 0.1.0, which knows no pages."""


def find_collisions(desk: Desk, clinic: str, asked: CollisionSearch) -> View:
    """Return a page of the bookings to come that occupy any of the stretches, buffers included, each once, by start.

    `{"collisions": […], "next", "count"}`: `count` is how many there are from this page on, up to `COUNTED_AT_MOST`.
    The clinic's time zone comes with the call: its document, which has just changed, is not asked for.
    """
    after = read_cursor(asked.cursor)
    with desk.work.snapshot() as store:
        places = {
            place
            for stretch in asked.stretches
            for place in store.in_the_way(clinic, stretch, desk.now, after, COUNTED_AT_MOST)
        }
        wanted = [reference for _, reference in sorted(places)[: asked.limit + 1]]
        found = store.bookings_named(wanted)
    shown = page(
        "collisions",
        found,
        asked.limit,
        show=lambda booking: views.for_staff_in(desk, booking, asked.zone),
        cursor=after_booking,
    )
    return {**shown, "count": min(len(places), COUNTED_AT_MOST)}


def collisions(desk: Desk, clinic: str, asked: Stretch) -> list[View]:
    """Return the first bookings that occupy any of a stretch of time, as version 0.1.0 of availability asks for them.

    Raises NotFound for an unknown clinic.
    """
    search = CollisionSearch((asked,), desk.rules(clinic).zone, FOR_VERSION_0_1_0, None)
    found: list[View] = find_collisions(desk, clinic, search)["collisions"]
    return found

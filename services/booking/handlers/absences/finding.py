"""An absence of the clinic's document, and what stands in its way (PRODUCT S8, C12)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from services.booking.model.bookings import BOOKED, Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.requests import Stretch
from shared.clinic.absences import absent_between
from shared.contracts.errors import Forbidden, NotFound
from shared.incoming.paging import Position

if TYPE_CHECKING:
    from services.booking.store import BookingStore

COUNTED_AT_MOST = 1000
"""So many are counted; who has more to deal with needs no exact number."""


@dataclass(frozen=True)
class Absence:
    """Somebody's or something's absence, with the rules of its clinic."""

    id: str
    stretch: Stretch
    rules: ClinicRules

    def is_met_by(self, booking: Booking, desk: Desk) -> bool:
        """Tell whether a booking stands, is still to come, and occupies any of the absence."""
        whose = self.stretch.practitioner in {None, booking.practitioner}
        uses = self.stretch.resource is None or self.stretch.resource in booking.resources
        overlaps = booking.busy_from < self.stretch.end and max(self.stretch.start, desk.now) < booking.busy_to
        return booking.clinic == self.rules.clinic and booking.status == BOOKED and whose and uses and overlaps


def find_absence(desk: Desk, clinic: str, id: str) -> Absence:
    """Return an absence of the clinic's document; raise NotFound, or Forbidden for a therapist whose it is not (C1)."""
    rules = desk.rules(clinic)
    rows: list[dict[str, Any]] = rules.document["absences"]
    found = next((row for row in rows if row.get("id") == id), None)
    if found is None:
        raise NotFound.because("There is no such absence.")
    if desk.actor.own_calendar not in {None, found["practitioner"]}:
        raise Forbidden.because("Therapists see and change their own calendar only.")
    start, end = absent_between(found, rules.zone)
    return Absence(id, Stretch(start, end, found["practitioner"] or None, found["resource"] or None), rules)


def met(store: "BookingStore", desk: Desk, absence: Absence, after: Position | None = None) -> list[str]:
    """Return the references of what stands in the way, by start, up to `COUNTED_AT_MOST`."""
    places = store.in_the_way(absence.rules.clinic, absence.stretch, desk.now, after, COUNTED_AT_MOST)
    return [reference for _, reference in places]

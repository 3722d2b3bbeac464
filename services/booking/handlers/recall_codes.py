"""The codes that open recalls: found by a hash of who holds one, and made void with a link (PRODUCT M2, C13)."""

from typing import TYPE_CHECKING

from services.booking.handlers.desk import Desk
from services.booking.model.bookings import CANCELLED, Booking
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.recalls import Subject, holder_of, lookup_of, new_code

if TYPE_CHECKING:
    from services.booking.store import BookingStore


def lookup(desk: Desk, holder: str | None, code: str) -> str | None:
    """Return by what a recall is found whose holder gives this code; None where nobody could."""
    return None if holder is None else lookup_of(desk.keys.lookup, holder, code)


def renew(store: "BookingStore", desk: Desk, rules: ClinicRules, booking: Booking) -> None:
    """Make the codes void that were given out to open this booking (PRODUCT C13): its own, and that of its need.

    The new ones are told when the recall is issued again, or its card printed.
    """
    need = None if booking.need is None or booking.status == CANCELLED else store.need(booking.clinic, booking.need)
    subjects = [Subject(booking), *([] if need is None else [Subject(need)])]
    made = store.recalls_for(subjects)
    for subject in subjects:
        if subject.id in made:
            code = new_code()
            holder = holder_of(desk.open_person(subject.of.person), asks_for_number=rules.asks_for_number)
            found_by = lookup(desk, holder, code)
            store.keep_recalls(made[subject.id].with_code(desk.keys.people.seal(code), found_by))

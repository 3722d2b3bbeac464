"""Finding the booking that a link or a reference means."""

from services.booking.handlers.desk import Desk
from services.booking.model.bookings import Booking, is_reference
from services.booking.model.clinic_rules import ClinicRules
from shared.contracts.errors import Gone, NotFound
from shared.links import token_opens, token_reference

_OPENS_NOTHING = "This link opens nothing."
_REMEMBERED = 20
"""How many void links of a booking are still known to have been its own."""


def open_booking(desk: Desk, token: str) -> tuple[Booking, ClinicRules]:
    """Return the booking that a personal link opens, with its clinic's rules (PRODUCT M1).

    Raises NotFound for an unknown or forged token, and for one that was made void; Gone 30 days after the appointment.
    Of those that were ours they name the `clinic`.
    """
    reference = token_reference(token) if isinstance(token, str) else None
    booking = _booking(desk, reference)
    if booking is None:
        raise NotFound.because(_OPENS_NOTHING)
    if not token_opens(desk.keys.links, token, booking.reference, booking.epoch):
        known = {"clinic": booking.clinic} if _opened_before(desk, token, booking) else {}
        raise NotFound.because(_OPENS_NOTHING, **known)
    require_link_opens(desk, booking)
    return booking, desk.rules(booking.clinic)


def require_link_opens(desk: Desk, booking: Booking) -> None:
    """Raise Gone from 30 days after the appointment (PRODUCT M1)."""
    if desk.now >= booking.link_ends_at():
        raise Gone.because("The appointment was long ago; its link no longer opens.", clinic=booking.clinic)


def _opened_before(desk: Desk, token: str, booking: Booking) -> bool:
    """Tell whether a token was the booking's own until it was made void (PRODUCT C13)."""
    latest = booking.epoch - 1
    before = range(latest, max(0, latest - _REMEMBERED), -1)
    return any(token_opens(desk.keys.links, token, booking.reference, epoch) for epoch in before)


def staff_booking(desk: Desk, clinic: str, reference: str) -> tuple[Booking, ClinicRules]:
    """Return a clinic's booking for its staff, a therapist's own. Raises LoginRequired, Forbidden or NotFound."""
    rules = desk.rules(clinic)
    booking = _booking(desk, reference)
    if booking is None or booking.clinic != clinic:
        raise NotFound.because("There is no such booking.")
    desk.require_calendar(booking.practitioner)
    return booking, rules


def _booking(desk: Desk, reference: str | None) -> Booking | None:
    if not isinstance(reference, str) or not is_reference(reference):
        return None
    with desk.work.reading() as store:
        return store.booking(reference)

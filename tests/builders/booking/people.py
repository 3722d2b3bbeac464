"""People as bookings and needs keep them."""

from typing import Any

from shared.contracts.booking import BookingPerson

_NOBODY = dict.fromkeys(
    ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok", "identity", "birth_date"), None
)


def somebody(**known: Any) -> BookingPerson:
    """Return a person of whom only this is known."""
    return BookingPerson(**{**_NOBODY, **known})

"""What callers may send of the former system's appointments (PRODUCT C14)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from services.booking.schemas.bookings import LONGEST_MESSAGE
from services.booking.schemas.fields import a_key, a_text
from shared.incoming.batches import LineSchema, WhoSchema, batch_read
from shared.incoming.fields import minutes_of_length
from shared.incoming.lines import Batch

_MOST_RESOURCES = 20


class ImportedBookingSchema(LineSchema):
    """An appointment; `start` is the clinic's local time where it has no offset."""

    patient = fields.Nested(WhoSchema, required=True)
    type = a_key(required=True)
    practitioner = a_key(required=True)
    start = a_text(40, required=True)
    minutes = minutes_of_length()
    resources = fields.List(a_key(), validate=validate.Length(max=_MOST_RESOURCES))
    message = a_text(LONGEST_MESSAGE)


_IMPORTED = ImportedBookingSchema()


def imported_bookings(sent: Mapping[str, Any]) -> Batch:
    """Read a batch of appointments; raise Invalid where it is none."""
    return batch_read(sent, _IMPORTED)

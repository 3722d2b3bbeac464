"""What a page lets people type."""

from gateway.views.fields import Field
from services.booking.model.admission.answers import LONGEST_LONG_TEXT
from services.booking.schemas.bookings import LONGEST_MESSAGE


def test_b3_a_message_may_be_typed_as_long_as_booking_takes_it_and_no_longer() -> None:
    assert Field("message", "long_text", "Message", False).longest == LONGEST_MESSAGE
    assert Field("answers.history", "long_text", "History", False).longest == LONGEST_LONG_TEXT

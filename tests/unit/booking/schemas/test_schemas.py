"""What booking says of fields that cannot be read."""

import pytest
from marshmallow import ValidationError

from services.booking.schemas.bookings import HoldSchema


@pytest.mark.parametrize("start", ["tomorrow", "2026-12-01T14:00", 5])
def test_a_start_that_is_no_moment_is_answered_with_how_to_write_one(start: object) -> None:
    with pytest.raises(ValidationError) as refused:
        HoldSchema().load({"type": "exam", "start": start})
    assert refused.value.messages == {"start": ["Enter a date and time with its offset: 2026-12-01T14:00:00+01:00."]}

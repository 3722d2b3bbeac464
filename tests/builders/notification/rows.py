"""Messages as the store keeps them."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.notification.model.messages import PLANNED, Message
from tests.builders.notification.messages import NOW

MINUTE = timedelta(minutes=1)


def a_message(number: int, state: str) -> Message:
    """Return the reminder of that number: planned ones are due from five minutes ago on, one a minute."""
    return Message(
        id=uuid.uuid4().hex,
        clinic="solna",
        time_zone="Europe/Stockholm",
        event="reminder",
        channel="sms",
        audience="patient",
        content="sealed",
        state=state,
        booking=f"R{number:09}",
        booking_version=1,
        left_practitioner=None,
        source_event=uuid.uuid4().hex,
        correlation_id="c",
        recipient=f"r{number // 4}",
        created_at=NOW,
        due_at=NOW + (number - 5) * MINUTE if state == PLANNED else NOW - number * MINUTE,
        before="24h",
    )


def a_confirmation(id: str = "1", state: str = PLANNED, **changes: Any) -> Message:
    """Return the message that tells the patient of version 1 of the booking A, due now."""
    plain = replace(a_message(0, state), id=id, event="booked", booking="A", recipient="r", before=None, due_at=NOW)
    return replace(plain, **changes)

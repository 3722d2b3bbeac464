"""Messages as the store keeps them, by number."""

import uuid
from datetime import timedelta

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

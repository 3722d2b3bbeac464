"""Puts a composed message into the row that is kept of it (PRODUCT N6)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.notification.model.messages import PLANNED, Addressee, Content, Message

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.model.clinic import Clinic


def draft(desk: Desk, clinic: Clinic, key: str, to: Addressee, content: Content, now: datetime, **more: Any) -> Message:
    """Return the message, planned for now; `key` is that of the document's `messages`.

    `more` must say `source_event` and `correlation_id`; what says no `booking` is of none.
    """
    return Message(
        **{
            "id": uuid.uuid4().hex,
            "clinic": clinic.key,
            "time_zone": clinic.time_zone,
            "event": key,
            "channel": to.channel,
            "audience": to.audience,
            "content": desk.people.seal(content.to_json()),
            "state": PLANNED,
            "booking": None,
            "booking_version": 0,
            "left_practitioner": to.left,
            "recipient": desk.recipient(to.channel, to.to),
            "created_at": now,
            "due_at": now,
            **more,
        }
    )

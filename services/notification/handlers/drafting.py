"""Puts a composed message into the row that is kept of it (PRODUCT N6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.notification.model.messages import PLANNED, Addressee, Content, Message
from shared.ids import new_id

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.model.clinic import Clinic


@dataclass(frozen=True)
class Draft:
    """A message that is still to be written, and what it says."""

    message: Message
    content: Content


def draft(desk: Desk, clinic: Clinic, key: str, to: Addressee, content: Content, **more: Any) -> Draft:
    """Return the message, planned for now; `key` is that of the document's `messages`.

    `more` must say `source_event`; what says no `booking` is of none.
    """
    message = Message(
        **{
            "id": new_id(),
            "clinic": clinic.key,
            "time_zone": clinic.time_zone,
            "event": key,
            "channel": to.channel,
            "audience": to.audience,
            "content": desk.keys.people.seal(content.to_json()),
            "state": PLANNED,
            "booking": None,
            "booking_version": 0,
            "left_practitioner": to.left,
            "correlation_id": desk.correlation_id,
            "recipient": desk.recipient(to.channel, to.to),
            "created_at": desk.now,
            "due_at": desk.now,
            **more,
        }
    )
    return Draft(message, content)

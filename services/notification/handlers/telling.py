"""Tells the house what became of a message: `MessageSent` (sent, delivered) and `MessageFailed` (CONTRACTS 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.notification.model.messages import FAILED, Content, Message
from shared.clinic.message_keys import LOGIN_CODE
from shared.contracts.envelope import Event, new_event
from shared.contracts.notification import (
    MESSAGE_FAILED,
    MESSAGE_SENT,
    SERVICE,
    MessagePerson,
    MessageState,
    MessageStatus,
)
from shared.contracts.plain import plain

if TYPE_CHECKING:
    from datetime import datetime

    from shared.sealed import Sealer

_ACTOR: dict[str, str | None] = {"kind": "service", "id": SERVICE}


def delivery_event(message: Message, content: Content, state: MessageStatus, now: datetime, people: Sealer) -> Event:
    """Return the event of a message that is in `state` from now on; its version is one more than the message's.

    Whose login code it was is told to nobody: no booking leads from there to who is to be forgotten (A3).
    """
    to = "" if message.event == LOGIN_CODE else content.to
    return new_event(
        SERVICE,
        MESSAGE_FAILED if state == FAILED else MESSAGE_SENT,
        clinic=message.clinic,
        subject=message.id,
        version=message.version + 1,
        data=MessageState(
            message=message.id,
            event=message.event,
            channel=message.channel,
            booking=message.booking,
            state=state,
            booking_version=message.booking_version if message.booking else None,
            person=people.seal(plain(MessagePerson(to=to))),
        ),
        now=now,
        actor=dict(message.resent_by or _ACTOR),
        correlation_id=message.correlation_id,
    )

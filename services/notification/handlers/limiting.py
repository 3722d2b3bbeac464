"""Keeps anybody from being flooded by us: so many messages of a clinic to one address a day (CONTRACTS 2, limits).

Practitioners and clinics are told of their own work, login codes have limits of their own, and what staff send again
is their decision. Reminders are counted apart, where they go out: they are written long before, and nobody's own shall
stay out because of what others have booked meanwhile.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from services.notification.handlers.telling import delivery_event
from services.notification.model.delivery import A_DAY
from services.notification.model.messages import FAILED, PATIENT, Content

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.model.messages import Message
    from services.notification.store import NotificationStore

_log = logging.getLogger(__name__)


def add(store: NotificationStore, desk: Desk, message: Message) -> None:
    """Write a message; one to a patient beyond the limit is kept as failed, where staff see it and may send it again.

    That is told in the house as any failure is, and in the log, where it names nobody.
    """
    if message.audience != PATIENT or desk.messages_a_day is None:
        store.add(message)
    elif not store.add_one_of(message, desk.messages_a_day, desk.now - A_DAY):
        _log.warning(
            "message limit: %s to one recipient of %s within a day, of booking %s now",
            desk.messages_a_day, message.clinic, message.booking,
        )  # fmt: skip
        content = Content.from_json(desk.keys.people.open(message.content))
        store.publish(delivery_event(message, content, FAILED, desk.now, desk.keys.people))

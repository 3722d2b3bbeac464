"""Sends a message once more, as staff ask for it (PRODUCT N6)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.notification.handlers.reading import AN_ID, message_json
from services.notification.model.messages import DELIVERED, FAILED, PLANNED, SENT, Message
from shared.clinic.message_keys import LOGIN_CODE
from shared.contracts.errors import Invalid, NotFound

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from shared.actor import Actor
    from shared.bus.events.unit_of_work import UnitOfWork

    Work = UnitOfWork[NotificationStore]

ONCE_PER = timedelta(minutes=1)
"""A second click within this time is taken for the first."""

_AGAIN = {SENT, DELIVERED, FAILED}
_NOT_OUT = "This message has not gone out yet."
_UNTRUE = "What this message says is no longer true; a newer one has gone out."
_JUST_NOW = "This message is being sent again already."


def resend(
    work: Work, clinic: str, id: str, actor: Actor, now: datetime, desk: Desk, correlation_id: str
) -> dict[str, Any]:
    """Write the same message once more to the same address, and return it.

    Raises NotFound for what is no message of the clinic, or a login code; Invalid for one that waits to be sent, that
    is no longer true, or that was sent again just now.
    """
    with work() as store:
        found = store.for_resending(clinic, id) if AN_ID.fullmatch(id) else None
        if found is None or found.event == LOGIN_CODE:
            raise NotFound.because("The clinic has no such message.")
        _refuse(found, store, now)
        again = _again(found, actor, now, correlation_id)
        store.add(again)
        store.note_resent(found, now)
    return message_json(again, desk)


def _refuse(found: Message, store: NotificationStore, now: datetime) -> None:
    if found.state not in _AGAIN:
        raise _invalid(_NOT_OUT if found.state == PLANNED else _UNTRUE)
    if not store.is_true(found):
        raise _invalid(_UNTRUE)
    if (found.resent_at is not None and now - found.resent_at < ONCE_PER) or store.resend_waits(found.id):
        raise _invalid(_JUST_NOW)


def _again(found: Message, actor: Actor, now: datetime, correlation_id: str) -> Message:
    return replace(
        found,
        id=uuid.uuid4().hex,
        state=PLANNED,
        source_event=uuid.uuid4().hex,
        correlation_id=correlation_id,
        created_at=now,
        due_at=now,
        attempts=0,
        lease_until=None,
        sent_at=None,
        failure=None,
        expires_at=None,
        handed_over_at=None,
        provider_id=None,
        version=0,
        resend_of=found.id,
        resent_at=None,
        resent_by=actor.brief(),
    )


def _invalid(sentence: str) -> Exception:
    return Invalid.because(sentence, errors={"id": [sentence]})

"""Sends a message once more, as staff ask for it (PRODUCT N6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.notification.handlers.reading import message_json
from services.notification.model.messages import DELIVERED, FAILED, PLANNED, SENT, Message
from shared.clinic.message_keys import LOGIN_CODE
from shared.contracts.errors import Invalid, NotFound
from shared.ids import is_id, new_id

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore

ONCE_PER = timedelta(minutes=1)
"""A second click within this time is taken for the first."""

_AGAIN = {SENT, DELIVERED, FAILED}
_NOT_OUT = "This message has not gone out yet."
_UNTRUE = "What this message says is no longer true; a newer one has gone out."
_JUST_NOW = "This message is being sent again already."


def resend(desk: Desk, clinic: str, id: str) -> dict[str, Any]:
    """Write the same message once more to the same address, and return it.

    Raises NotFound for what is no message of the clinic, or a login code; Invalid for one that waits to be sent, that
    is no longer true, or that was sent again just now.
    """
    with desk.work() as store:
        found = store.for_resending(clinic, id) if is_id(id) else None
        if found is None or found.event == LOGIN_CODE:
            raise NotFound.because("The clinic has no such message.")
        _refuse(found, store, desk.now)
        again = _again(desk, found)
        store.add(again)
        store.note_resent(found, desk.now)
    return message_json(desk, again)


def _refuse(found: Message, store: NotificationStore, now: datetime) -> None:
    if found.state not in _AGAIN:
        raise _invalid(_NOT_OUT if found.state == PLANNED else _UNTRUE)
    if not store.is_true(found):
        raise _invalid(_UNTRUE)
    if (found.resent_at is not None and now - found.resent_at < ONCE_PER) or store.resend_waits(found.id):
        raise _invalid(_JUST_NOW)


def _again(desk: Desk, found: Message) -> Message:
    return replace(
        found,
        id=new_id(),
        state=PLANNED,
        source_event=new_id(),
        correlation_id=desk.correlation_id,
        created_at=desk.now,
        due_at=desk.now,
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
        resent_by=desk.actor.brief(),
    )


def _invalid(sentence: str) -> Exception:
    return Invalid.because(sentence, errors={"id": [sentence]})

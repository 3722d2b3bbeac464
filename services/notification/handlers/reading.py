"""Shows messages to staff, tools and the outbox page (PRODUCT N5, N6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from services.notification.model.delivery import reason_of
from services.notification.model.messages import Content, Message
from services.notification.model.segments import segments_of
from shared.clinic.message_keys import LOGIN_CODE, SMS
from shared.contracts.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from shared.bus.events.unit_of_work import UnitOfWork

    Work = UnitOfWork[NotificationStore]

AN_ID = re.compile(r"[0-9a-f]{32}")


def messages(
    work: Work, clinic: str | None, fields: Mapping[str, Any], desk: Desk, *, with_codes: bool = False
) -> dict[str, Any]:
    """Return `{messages, next}`: a page of a clinic's messages, or with None of the whole installation's.

    Newest first; a clinic's that failed for good, and nobody has sent again, stand before all others (N6). Login codes
    are listed only `with_codes`.
    """
    limit, cursor = fields["limit"], fields["cursor"]
    with work.reading() as store:
        after = store.get(clinic, cursor) if cursor else None
        if cursor and after is None:
            raise Invalid.because("There is no such page.", errors={"cursor": ["Start again from the first page."]})
        wanted = {"clinic": clinic, **{name: fields.get(name) for name in ("booking", "state", "channel")}}
        found = store.page(wanted, after, limit + 1, failed_first=clinic is not None, with_codes=with_codes)
    return {
        "messages": [message_json(each, desk) for each in found[:limit]],
        "next": found[limit - 1].id if len(found) > limit else None,
    }


def message(work: Work, clinic: str | None, id: str, desk: Desk, *, with_codes: bool = False) -> dict[str, Any]:
    """Return one message with its HTML, its attachments, whose content is text, and an SMS's parts.

    Raises NotFound where the clinic (None: the installation) has no such message.
    """
    with work.reading() as store:
        found = store.get(clinic, id) if AN_ID.fullmatch(id) else None
    if found is None or (found.event == LOGIN_CODE and not with_codes):
        raise NotFound.because("The clinic has no such message.")
    whole = _opened(found, desk).to_json()
    counted = segments_of(whole["text"]) if found.channel == SMS else None
    return {
        **message_json(found, desk),
        **{name: whole[name] for name in ("html", "attachments", "sender", "reply_to")},
        "encoding": counted.encoding if counted else None,
        "segments": counted.parts if counted else None,
    }


def _opened(message: Message, desk: Desk) -> Content:
    return Content.from_json(desk.people.open(message.content))


def message_json(message: Message, desk: Desk) -> dict[str, Any]:
    """Return a message as lists show it."""
    content = _opened(message, desk)
    at = (message.sent_at or message.due_at).astimezone(message.zone)
    return {
        "id": message.id,
        "clinic": message.clinic,
        "channel": message.channel,
        "event": message.event,
        "audience": message.audience,
        "to": content.to,
        "state": message.state,
        "subject": content.subject,
        "text": content.text,
        "booking": message.booking,
        "at": at.isoformat(timespec="seconds"),
        "reason": reason_of(message.failure),
    }

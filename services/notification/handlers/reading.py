"""Shows messages to staff, tools and the outbox page (PRODUCT N5, N6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.notification.model.delivery import reason_of
from services.notification.model.messages import Content, Message
from services.notification.model.segments import segments_of
from shared.clinic.message_keys import LOGIN_CODE, SMS
from shared.contracts.errors import Forbidden, NotFound
from shared.contracts.notification import MANY_FAILED
from shared.ids import is_id
from shared.incoming.paging import no_such_page, page

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore


def messages(desk: Desk, clinic: str | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{messages, next}`: a page of a clinic's messages, or with None of the whole installation's.

    Newest first; a clinic's that failed for good, and nobody has sent again, stand before all others (N6). Login codes
    are listed to those alone who see them, to a therapist what is about their own bookings (C1). A `patient`'s are
    those to them about their bookings (C8).
    """
    limit, cursor = fields["limit"], fields["cursor"]
    with desk.work.reading() as store:
        after = store.get(clinic, cursor) if cursor else None
        if cursor and after is None:
            raise no_such_page()
        wanted = {"clinic": clinic, **{name: fields.get(name) for name in ("booking", "state", "channel")}}
        found = store.page(
            wanted, after, limit + 1,
            failed_first=clinic is not None, with_codes=desk.sees_codes, calendar=desk.actor.own_calendar,
            patient=fields.get("patient"),
        )  # fmt: skip
    return page("messages", found, limit, lambda each: message_json(desk, each), cursor=lambda each: each.id)


def failed_count(desk: Desk, clinic: str) -> dict[str, int]:
    """Return `{failed}`: how many of a clinic's messages failed for good, and nobody has sent again (N6).

    A therapist is told of their own bookings' (C1). `MANY_FAILED` stands for that many and more.
    """
    with desk.work.reading() as store:
        return {"failed": store.count_failed(clinic, MANY_FAILED, calendar=desk.actor.own_calendar)}


def message(desk: Desk, clinic: str | None, id: str) -> dict[str, Any]:
    """Return one message with its HTML, its attachments, whose content is text, and an SMS's parts.

    Raises NotFound where the clinic (None: the installation) has no such message, Forbidden for a therapist where it is
    about a colleague's booking.
    """
    with desk.work.reading() as store:
        found = store.get(clinic, id) if is_id(id) else None
        if found is not None and found.event != LOGIN_CODE:
            require_own(desk, store, found)
    if found is None or (found.event == LOGIN_CODE and not desk.sees_codes):
        raise NotFound.because("The clinic has no such message.")
    whole = _opened(desk, found).to_json()
    counted = segments_of(whole["text"]) if found.channel == SMS else None
    return {
        **message_json(desk, found),
        **{name: whole[name] for name in ("html", "attachments", "sender", "reply_to")},
        "encoding": counted.encoding if counted else None,
        "segments": counted.parts if counted else None,
    }


def of_recalls(desk: Desk, clinic: str, recalls: Collection[str]) -> dict[str, Any]:
    """Return `{messages}`: what became of recalls, by each channel of the last time: who they went to is not said.

    Each is `{recall, channel, state, at, reason}`; `recall` is the reference of a booking or the id of a need. A
    therapist is told nothing of a colleague's bookings (C1).
    """
    with desk.work.reading() as store:
        found = store.of_recalls(clinic, recalls, desk.actor.own_calendar)
    newest: dict[tuple[str | None, str], Message] = {}
    for each in found:
        newest.setdefault((each.recall, each.channel), each)
    return {"messages": [{"recall": each.recall, **_fate(each)} for each in newest.values()]}


def export(desk: Desk, clinic: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{messages, next}`: a page of all messages about one patient, to whomever, newest first (A3).

    Those are the messages of their bookings, and of recalls for the `needs` that are named.
    """
    limit, cursor = asked["limit"], asked["cursor"]
    with desk.work.reading() as store:
        after = store.get(clinic, cursor) if cursor else None
        if cursor and after is None:
            raise no_such_page()
        found = store.about(clinic, asked["patient"], asked["needs"], after, limit + 1)
    return page("messages", found, limit, lambda each: message_json(desk, each), cursor=lambda each: each.id)


def _fate(message: Message) -> dict[str, Any]:
    at = (message.sent_at or message.due_at).astimezone(message.zone)
    return {
        "channel": message.channel,
        "state": message.state,
        "at": at.isoformat(timespec="seconds"),
        "reason": reason_of(message.failure),
    }


def require_own(desk: Desk, store: NotificationStore, message: Message) -> None:
    """Refuse therapists what is not about their own bookings (C1)."""
    own = desk.actor.own_calendar
    if own is not None and not store.is_of_calendar(message, own):
        raise _of_others()


def require_own_booking(desk: Desk, store: NotificationStore, clinic: str, reference: str) -> None:
    """Refuse what nothing has been heard of yet, and therapists what is about a booking with somebody else (C1)."""
    practitioner = store.practitioner_of(clinic, reference)
    if practitioner is None:
        raise NotFound.because("Nothing has been heard of this booking yet.")
    if desk.actor.own_calendar not in {None, practitioner}:
        raise _of_others()


def _of_others() -> Exception:
    return Forbidden.because("Therapists see messages of their own bookings only.")


def _opened(desk: Desk, message: Message) -> Content:
    return Content.from_json(desk.keys.people.open(message.content))


def message_json(desk: Desk, message: Message) -> dict[str, Any]:
    """Return a message as lists show it."""
    content = _opened(desk, message)
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

"""What notification does: writes messages as bookings change, and shows them (PRODUCT N1, N2, N6)."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.notification.clinic import Clinic
from services.notification.compose import Links, compose, event_key
from services.notification.model import (
    BOOKED,
    CANCELLED,
    MOVED,
    PLANNED,
    Addressee,
    Content,
    Message,
    addressees,
    read_appointment,
)
from shared.contracts.booking import BOOKING_CANCELLED, BOOKING_CHANGED, BOOKING_CREATED, BOOKING_MOVED
from shared.contracts.errors import Invalid, NotFound
from shared.sealed import Sealer, keyed_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.notification.store import NotificationStore
    from shared.bus.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments
    from shared.contracts.envelope import Event
    from shared.settings import Settings

    Work = UnitOfWork[NotificationStore]

HAPPENED = {
    BOOKING_CREATED: BOOKED,
    BOOKING_MOVED: MOVED,
    BOOKING_CHANGED: MOVED,
    BOOKING_CANCELLED: CANCELLED,
}
"""What each event of booking means to those who are told."""

_AN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Desk:
    """What writing messages needs: `people` opens events and seals messages, `lookup_key` hashes addresses."""

    people: Sealer
    lookup_key: str
    links: Links

    @classmethod
    def from_settings(cls, settings: Settings) -> Desk:
        """Return the installation's desk."""
        links = Links(settings.public_url, settings.link_key)
        return cls(Sealer(settings.event_keys), settings.lookup_key, links)


def tell(work: Work, documents: ClinicDocuments, event: Event, consumer: str, now: datetime, desk: Desk) -> None:
    """Write a message to everybody concerned by a booking's event, once however often the event comes.

    One that tells of a version which a newer event has overtaken is withdrawn at once, not sent.
    """
    clinic = Clinic.from_document(documents.get(event.clinic).document)
    written = _messages(event, clinic, now, desk)
    with work() as store:
        if not store.first_time(consumer, event, now):
            return
        store.note_version(event.subject, event.subject_version, event.data["practitioner"])
        for message in written:
            store.add(message)
        store.withdraw_of_booking(event.subject, now)


def messages(work: Work, clinic: str | None, fields: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """Return `{messages, next}`: a page of a clinic's messages, newest first; None is the whole installation."""
    limit, cursor = fields["limit"], fields["cursor"]
    with work.reading() as store:
        after = store.get(clinic, cursor) if cursor else None
        if cursor and after is None:
            raise Invalid.because("There is no such page.", errors={"cursor": ["Start again from the first page."]})
        found = store.page(clinic, fields["booking"], fields["state"], after, limit + 1)
    return {
        "messages": [_message_json(each, _opened(each, desk)) for each in found[:limit]],
        "next": found[limit - 1].id if len(found) > limit else None,
    }


def message(work: Work, clinic: str | None, id: str, desk: Desk) -> dict[str, Any]:
    """Return one message with its HTML and attachments, whose content is text.

    Raises NotFound where the clinic (None: the installation) has no such message.
    """
    with work.reading() as store:
        found = store.get(clinic, id) if _AN_ID.fullmatch(id) else None
    if found is None:
        raise NotFound.because("The clinic has no such message.")
    content = _opened(found, desk)
    whole = content.to_json()
    return {**_message_json(found, content), "html": whole["html"], "attachments": whole["attachments"]}


def _messages(event: Event, clinic: Clinic, now: datetime, desk: Desk) -> list[Message]:
    happened = HAPPENED[event.type]
    person = desk.people.open(event.data["person"])
    appointment = read_appointment(event.subject, event.subject_version, event.data, person)
    at = datetime.fromisoformat(event.time)
    return [
        _message(event, to, happened, compose(appointment, happened, to, clinic, desk.links, at), clinic, now, desk)
        for to in addressees(appointment, happened, clinic)
    ]


def _message(
    event: Event, to: Addressee, happened: str, content: Content, clinic: Clinic, now: datetime, desk: Desk
) -> Message:
    return Message(
        id=uuid.uuid4().hex,
        clinic=event.clinic,
        time_zone=clinic.time_zone,
        event=event_key(to.audience, happened),
        channel=to.channel,
        audience=to.audience,
        content=desk.people.seal(content.to_json()),
        state=PLANNED,
        booking=event.subject,
        booking_version=event.subject_version,
        left_practitioner=to.left,
        source_event=event.id,
        correlation_id=event.correlation_id,
        recipient=keyed_hash(desk.lookup_key, to.channel, to.to.casefold()),
        created_at=now,
        due_at=now,
    )


def _opened(message: Message, desk: Desk) -> Content:
    return Content.from_json(desk.people.open(message.content))


def _message_json(message: Message, content: Content) -> dict[str, Any]:
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
        "at": at.isoformat(),
    }

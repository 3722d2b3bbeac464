"""What notification shows others: its RPC methods and its events.

A message over RPC is `{id, clinic, channel, event, audience, to, state, subject, text, booking, at, reason}` where
`reason` is null or `{code, text, detail}`: why it was not sent, or not yet, with the provider's number for it. Codes:
`no_answer, busy, broken, refused, wrong_address, stopped, too_late, unknown, undelivered, bounced,
too_many, other`.
`message` adds `html`, `sender` (a name), `reply_to`, `attachments`, `{name, type, content}` whose content is text as
`type` says, and of an SMS `encoding` and `segments`.

`failed_count(clinic)` returns `{failed}`: how many messages failed for good and nobody has sent again, of a therapist's
own bookings; `MANY_FAILED` stands for that many and more.

`addressees(clinic, reference, practitioner?)` returns who would be told if that booking were moved, to that
practitioner where one is named, or cancelled: `{moved, cancelled}`, lists of `{audience, name, channel}`.

`preview(clinic, event, channel, language?, template?)` returns `{subject, text, html, encoding, characters, segments,
warnings}` of a made-up appointment; `template` is `{subject, text, html}` or a bare text, tried
instead of the clinic's. `encoding` (`GSM-7` or `UCS-2`), `characters` and `segments` are null for emails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from shared.contracts.plain import Seals

SERVICE = "notification"

METHODS = (
    "messages", "failed_count", "message", "of_recalls", "export", "retention", "resend", "confirm_again", "addressees",
    "preview", "send_code", "provider_status", "provider_inbound", "reconcile", "reconcile_unknown", "ping",
)  # fmt: skip

MANY_FAILED = 100
"""Failed messages are counted up to this number."""

MESSAGE_SENT = "MessageSent"
"""A provider took a message, or says that it arrived."""
MESSAGE_FAILED = "MessageFailed"
"""It did not arrive, and is not tried again; this may come after either of the others."""
MESSAGES_ERASED = "MessagesErased"
"""Of what was written about an erased patient, or about what is that old, nothing is left but that it was."""

Channel = Literal["sms", "email"]
MessageStatus = Literal["sent", "delivered", "failed"]


@dataclass(frozen=True, kw_only=True)
class MessagePerson:
    """Where a message went."""

    to: str


@dataclass(frozen=True, kw_only=True)
class MessageState:
    """What became of a message. Subject: its id; version: how often something was told of it.

    Of a message that staff have sent again they are the actor.
    """

    message: str
    event: str
    """What it tells of: `booked`, `practitioner_moved` …: as the clinic document names its text."""
    channel: Channel
    booking: str | None
    """Null for recalls of needs and login codes."""
    state: MessageStatus
    """`sent` or `delivered` in `MessageSent`, `failed` in `MessageFailed`."""
    booking_version: int | None = None
    """The version of the booking that it tells of; null where `booking` is, and missing from old events."""
    person: Annotated[str, Seals(MessagePerson)]


@dataclass(frozen=True, kw_only=True)
class MessagesEnd:
    """Messages whose content and receivers were erased. Subject and version: the cause's."""


EVENTS: Mapping[str, type] = {
    MESSAGE_SENT: MessageState,
    MESSAGE_FAILED: MessageState,
    MESSAGES_ERASED: MessagesEnd,
}
"""What each event's `data` holds."""

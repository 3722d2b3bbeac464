"""Messages as staff see them."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, PageOfList, many, moment, one_of, optional, text
from shared.clinic.message_keys import CHANNELS, MESSAGES


class MessagesQuery(PageOfList):
    """Which messages."""

    booking = text("A booking's reference.")
    patient = text("A patient's id: what went to them about their bookings.")
    state = one_of("planned", "sent", "delivered", "failed", "withdrawn")
    channel = one_of(*CHANNELS)


class Reason(Answer):
    """Why a message was not sent, or not yet; `detail` is the provider's own number for it."""

    code = text(required=True)
    text = text(required=True)
    detail = optional()


class Message(Answer):
    """An SMS or email to a patient or practitioner."""

    id = text(required=True)
    channel = one_of(*CHANNELS, required=True)
    event = text(required=True)
    to = optional()
    audience = one_of("patient", "practitioner", "clinic")
    state = one_of("planned", "sent", "delivered", "failed", "withdrawn", required=True)
    subject = optional()
    text = optional()
    booking = optional()
    at = moment(allow_none=True)
    reason = fields.Nested(Reason, allow_none=True)


class Messages(Answer):
    """A page of messages."""

    messages = many(Message)
    next = optional(required=True)


class Written(Answer):
    """What was just written."""

    messages = many(Message)


class AddresseesQuery(Schema):
    """With whom the booking would be."""

    practitioner = text("Where it would move to another one.")


class AddresseeRow(Answer):
    """Somebody who would be told, and by what."""

    audience = one_of("patient", "practitioner", "clinic", required=True)
    name = text(required=True)
    channel = one_of(*CHANNELS, required=True)


class Addressees(Answer):
    """Who would be told of a move and of a cancellation."""

    moved = many(AddresseeRow)
    cancelled = many(AddresseeRow)


class Attachment(Answer):
    """A file that goes with a message."""

    name = text(required=True)
    type = text(required=True)
    content = text(required=True)


class WholeMessage(Message):
    """One message with its attachments; the counts are null for emails."""

    html = optional()
    sender = optional("The name that an email comes from.")
    reply_to = optional("Where answers to an email go.")
    encoding = one_of("GSM-7", "UCS-2", allow_none=True)
    segments = fields.Integer(allow_none=True)
    attachments = many(Attachment)


class PreviewTemplate(Schema):
    """A template by its parts."""

    subject = optional("Of an email.")
    html = optional("Of an email.")
    text = optional("Of an SMS or email. A part that is empty is the built-in text, whatever the clinic has saved.")


class PreviewBody(Schema):
    """Which message to show."""

    event = one_of(*MESSAGES, required=True)
    channel = one_of(*CHANNELS, required=True)
    language = one_of("en", "sv", "nb", "da", "fr", "fa")
    template = fields.Nested(
        PreviewTemplate, metadata={"description": "Tried in place of the clinic's own; a bare text is accepted too."}
    )


class Preview(Answer):
    """A message as it would look; the counts are null for emails."""

    subject = optional(required=True)
    html = optional(required=True)
    text = text(required=True)
    encoding = one_of("GSM-7", "UCS-2", required=True, allow_none=True)
    characters = fields.Integer(required=True, allow_none=True)
    segments = fields.Integer(required=True, allow_none=True)
    warnings = fields.List(fields.String(), required=True)

"""Messages as staff see them."""

from marshmallow import fields

from gateway.schemas.fields import Answer, PageOfList, many, moment, one_of, optional, text


class MessagesQuery(PageOfList):
    """Which messages."""

    booking = text("A booking's reference.")
    state = one_of("planned", "sent", "delivered", "failed", "withdrawn")
    channel = one_of("sms", "email")


class Reason(Answer):
    """Why a message was not sent, or not yet; `detail` is the provider's own number for it."""

    code = text(required=True)
    text = text(required=True)
    detail = optional()


class Message(Answer):
    """An SMS or email to a patient or practitioner."""

    id = text(required=True)
    channel = one_of("sms", "email", required=True)
    event = text(required=True)
    to = optional()
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


class Attachment(Answer):
    """A file that goes with a message."""

    name = text(required=True)
    type = text(required=True)
    content = text(required=True)


class WholeMessage(Message):
    """One message with its attachments."""

    attachments = many(Attachment)

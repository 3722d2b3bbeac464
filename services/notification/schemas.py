"""What callers may send to notification."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.notification.model.messages import STATES
from shared.clinic.message_keys import CHANNELS, MESSAGES
from shared.texts.language import LANGUAGES

MOST_IN_A_LIST = 200

_LONGEST = {"subject": 300, "text": 20000, "html": 50000}
_PART_WRONG = ["This is no text, too long a one, or no part of a message; those are subject, text and html."]


class MessagesSchema(Schema):
    """Which messages, and which page of them."""

    booking = fields.String(load_default=None, validate=validate.Regexp(r"[0-9A-Z]{1,16}\Z"))
    patient = fields.String(load_default=None, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    channel = fields.String(load_default=None, validate=validate.OneOf(CHANNELS))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_IN_A_LIST))
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))


class ExportSchema(Schema):
    """About which patient, called in for which needs, and which page."""

    patient = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))
    needs = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9a-f]{32}\Z")),
        load_default=list,
        validate=validate.Length(max=MOST_IN_A_LIST),
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=MOST_IN_A_LIST))
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))


class OfRecallsSchema(Schema):
    """Of which recalls: references of bookings, and ids of needs."""

    recalls = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9A-Za-z]{1,32}\Z")),
        required=True,
        validate=validate.Length(max=MOST_IN_A_LIST),
    )


class CodeSchema(Schema):
    """A login code and where it goes; `language` null is the clinic's first."""

    mobile = fields.String(required=True, validate=validate.Regexp(r"\+[0-9]{6,15}\Z"))
    code = fields.String(required=True, validate=validate.Regexp(r"[0-9A-Za-z-]{4,16}\Z"))
    language = fields.String(load_default=None, validate=validate.OneOf(LANGUAGES))


class PostedSchema(Schema):
    """What a provider posted, as it came in; what it says counts only where the signature is right."""

    address = fields.String(load_default="", validate=validate.Length(max=2000))
    body = fields.String(required=True)
    signature = fields.String(required=True, validate=validate.Length(max=1000))
    timestamp = fields.String(load_default="", validate=validate.Length(max=20))


class ReportedSchema(PostedSchema):
    """The same from one of the providers that tell of messages."""

    provider = fields.String(required=True, validate=validate.OneOf(("twilio", "sendgrid")))


class TemplateField(fields.Field[dict[str, str]]):
    """A template that is tried: its parts, or a bare text; one that is empty is the built-in text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        given = {"text": value} if isinstance(value, str) else value
        if not isinstance(given, Mapping):
            raise ValidationError("Write a text, or subject, text and html.")
        wrong = {str(part): _PART_WRONG for part, text in given.items() if not _is_part(part, text)}
        if wrong:
            raise ValidationError(wrong)
        return dict(given)


class AddresseesSchema(Schema):
    """With whom the appointment would be; null: with whom it is."""

    practitioner = fields.String(load_default=None, validate=validate.Length(max=64))


class PreviewSchema(Schema):
    """Which message is shown, and the templates that are tried in place of the clinic's; null language is its first."""

    event = fields.String(required=True, validate=validate.OneOf(MESSAGES))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    language = fields.String(load_default=None, validate=validate.OneOf(LANGUAGES))
    template = TemplateField(load_default=dict)


def _is_part(part: Any, text: Any) -> bool:
    return isinstance(text, str) and len(text) <= _LONGEST.get(part, -1)

"""What callers may send to notification."""

from marshmallow import Schema, fields, validate

from services.notification.model import STATES
from shared.language import LANGUAGES

MOST_IN_A_LIST = 200


class MessagesSchema(Schema):
    """Which messages, and which page of them."""

    booking = fields.String(load_default=None, validate=validate.Regexp(r"[0-9A-Z]{1,16}\Z"))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_IN_A_LIST))
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))


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

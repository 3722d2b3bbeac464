"""What callers may send to notification."""

from marshmallow import Schema, fields, validate

from services.notification.model import STATES

MOST_IN_A_LIST = 200


class MessagesSchema(Schema):
    """Which messages, and which page of them."""

    booking = fields.String(load_default=None, validate=validate.Regexp(r"[0-9A-Z]{1,16}\Z"))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_IN_A_LIST))
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))

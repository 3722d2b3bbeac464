"""What callers may send to patient."""

import unicodedata
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

MOST_IN_A_LIST = 200
_PLAIN_FLAG: dict[str, Any] = {"truthy": {True}, "falsy": {False}}


def _no_control_characters(text: str) -> None:
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        raise ValidationError("Leave out control characters.")


def _text(longest: int, *, shortest: int = 0) -> fields.String:
    return fields.String(
        validate=[validate.Length(min=shortest, max=longest), _no_control_characters],
    )


def _name() -> fields.String:
    def says_something(text: str) -> None:
        if not text.strip():
            raise ValidationError("Give a name.")

    return fields.String(validate=[validate.Length(min=1, max=100), _no_control_characters, says_something])


class IdentitySchema(Schema):
    """A number and the scheme whose rule it follows."""

    scheme = fields.String(required=True)
    number = fields.String(required=True, validate=validate.Length(max=40))


class IdentifySchema(Schema):
    """Who is asked for: a number, or birth date, names and contacts."""

    identity = fields.Nested(IdentitySchema, load_default=None)
    birth_date = fields.Date(load_default=None)
    first_name = _text(100)
    last_name = _text(100)
    mobile = _text(40)
    email = _text(254)


class FindSchema(Schema):
    """A search and its page."""

    q = fields.String(load_default="", validate=[validate.Length(max=254), _no_control_characters])
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_IN_A_LIST))
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))


class UpdateSchema(Schema):
    """What staff change of a patient; empty text clears mobile or email; `version` is the one they had in view."""

    first_name = _name()
    last_name = _name()
    birth_date = fields.Date()
    identity = fields.Nested(IdentitySchema)
    mobile = _text(40)
    email = _text(254)
    sms_ok = fields.Boolean(**_PLAIN_FLAG)
    email_ok = fields.Boolean(**_PLAIN_FLAG)
    sms_reminder = fields.Boolean(**_PLAIN_FLAG)
    version = fields.Integer(strict=True)

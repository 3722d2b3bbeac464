"""What callers may send to patient."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.patient.model.needs import LISTS
from shared.incoming import flag, one_line, page_limit
from shared.weeks import sunday_of

_YEARS = (2000, 2200)
_MOST_MINUTES = 24 * 60


def _text(longest: int, **options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=longest), one_line], **options)


def _name() -> fields.String:
    def says_something(text: str) -> None:
        if not text.strip():
            raise ValidationError("Give a name.")

    return fields.String(validate=[validate.Length(min=1, max=100), one_line, says_something])


def _id(**options: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"[0-9a-f]{32}\Z", error="This is no id of ours."), **options)


def _week(**options: Any) -> fields.String:
    def is_a_week(text: str) -> None:
        try:
            year = sunday_of(text).year
        except ValueError:
            raise ValidationError("There is no such week; write for example 2026-W49.") from None
        if not _YEARS[0] <= year <= _YEARS[1]:
            raise ValidationError("This is too far away.")

    return fields.String(validate=is_a_week, **options)


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

    q = fields.String(load_default="", validate=[validate.Length(max=254), one_line])
    limit = page_limit()
    cursor = _id(load_default=None)


class OfLoginSchema(Schema):
    """What a login has proven: a mobile in E.164, and perhaps a number."""

    mobile = fields.String(required=True, validate=[validate.Length(min=1, max=16), one_line])
    identity = fields.Nested(IdentitySchema, load_default=None)


class OwnNeedsSchema(Schema):
    """Which page of their own needs a patient asks for."""

    limit = page_limit()
    cursor = _id(load_default=None)


class NeedsSchema(OwnNeedsSchema):
    """Which needs staff ask for."""

    list = fields.String(validate=validate.OneOf(LISTS))
    week = _week()
    patient = _id()
    type = _text(64)


class NeedSchema(Schema):
    """A need as staff give it; without `practitioner` whoever takes the type, without `minutes` what that takes."""

    patient = _id(required=True)
    type = _text(64, required=True)
    practitioner = _text(64)
    minutes = fields.Integer(strict=True, validate=validate.Range(min=1, max=_MOST_MINUTES))
    week = _week(required=True)


class UpdateSchema(Schema):
    """What staff change of a patient; empty text clears mobile or email; `version` is the one they had in view."""

    first_name = _name()
    last_name = _name()
    birth_date = fields.Date()
    identity = fields.Nested(IdentitySchema)
    mobile = _text(40)
    email = _text(254)
    sms_ok = flag()
    email_ok = flag()
    sms_reminder = flag()
    version = fields.Integer(strict=True)

"""What callers may send to patient."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.patient.model.needs import LISTS
from shared.identity.names import normal_name
from shared.incoming.batches import LineSchema, WhoSchema
from shared.incoming.fields import (
    MOST_IN_A_LIST,
    a_week,
    addresses_to_confirm,
    an_id,
    flag,
    minutes_of_length,
    one_line,
    page_limit,
    printable,
)

_LONGEST_NOTE = 4000


def _text(longest: int, **options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=longest), one_line], **options)


class _Name(fields.String):
    """A name of a person, in its normal form."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return normal_name(text)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None


def _id(**options: Any) -> fields.String:
    return an_id("This is no id of ours.", **options)


def _note() -> fields.String:
    return fields.String(validate=[validate.Length(max=_LONGEST_NOTE), printable])


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
    ids = fields.List(_id(), load_default=None, validate=validate.Length(max=MOST_IN_A_LIST))
    limit = page_limit()
    cursor = _id(load_default=None)


class EraseSchema(Schema):
    """The patient's name, typed to say that the record is to be erased."""

    confirm = _text(210, required=True)


class AccessLogSchema(Schema):
    """Whose openings, by whom and when, and which page of them: its cursor is the last position shown."""

    patient = _id(load_default=None)
    actor = _text(254, load_default=None)
    first = fields.Date(data_key="from", load_default=None)
    last = fields.Date(data_key="to", load_default=None)
    limit = page_limit()
    cursor = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))


class ActorSchema(Schema):
    """Who acts, as events tell it."""

    kind = fields.String(required=True, validate=validate.Length(max=16))
    id = _text(254, load_default=None)


class OpeningSchema(Schema):
    """Who is about to see which booking of whom."""

    patient = _id(load_default=None)
    booking = fields.String(required=True, validate=validate.Length(max=16))
    by = fields.Nested(ActorSchema, required=True)


class OfLoginSchema(Schema):
    """What a login has proven: a mobile in E.164, and perhaps a number."""

    mobile = fields.String(required=True, validate=[validate.Length(min=1, max=16), one_line])
    identity = fields.Nested(IdentitySchema, load_default=None)


class PersonSchema(OfLoginSchema):
    """One of the people of a proven mobile, or whose the need of a recall is."""

    mobile = fields.String(load_default=None, validate=[validate.Length(min=1, max=16), one_line])
    need = _id(load_default=None)
    person = _id(required=True)

    @validates_schema
    def _is_proven(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if (data["mobile"] is None) is (data["need"] is None):
            raise ValidationError("Name what is proven: a mobile, or a need.", "mobile")


class OwnNeedsSchema(Schema):
    """Which page of their own needs a patient asks for."""

    limit = page_limit()
    cursor = _id(load_default=None)


class NeedsSchema(OwnNeedsSchema):
    """Which needs staff ask for."""

    list = fields.String(validate=validate.OneOf(LISTS))
    week = a_week()
    patient = _id()
    type = _text(64)


class NeedSchema(Schema):
    """A need as staff give it; without `practitioner` whoever takes the type, without `minutes` what that takes."""

    patient = _id(required=True)
    type = _text(64, required=True)
    practitioner = _text(64)
    minutes = minutes_of_length()
    week = a_week(required=True)
    confirm = addresses_to_confirm()


class AddSchema(Schema):
    """Somebody whom the clinic does not know, as staff type them."""

    first_name = _Name(required=True)
    last_name = _Name(required=True)
    birth_date = fields.Date()
    identity = fields.Nested(IdentitySchema)
    mobile = _text(40)
    email = _text(254)
    sms_ok = flag()
    email_ok = flag()
    sms_reminder = flag()
    note = _note()


class ImportedPatientSchema(LineSchema):
    """A patient as the former system has them; `decided` is what staff say of one who could be somebody known."""

    first_name = _Name(required=True)
    last_name = _Name(required=True)
    birth_date = fields.Date()
    national_id = _text(40)
    mobile = _text(100)
    email = _text(320)
    sms_ok = flag()
    email_ok = flag()
    note = _note()
    decided = fields.String(validate=validate.Regexp(r"(new|[0-9a-f]{32})\Z", error="Say new, or pick a patient."))


class ImportedNeedSchema(LineSchema):
    """A need as the former system has it."""

    patient = fields.Nested(WhoSchema, required=True)
    type = _text(64, required=True)
    practitioner = _text(64)
    minutes = minutes_of_length()
    week = a_week(required=True)


class UpdateSchema(Schema):
    """What staff change of a patient; empty text clears mobile, email or note.

    `confirm` says that mobile and email are the patient's.

    `version` is the one that they had in view.
    """

    first_name = _Name()
    last_name = _Name()
    birth_date = fields.Date()
    identity = fields.Nested(IdentitySchema)
    mobile = _text(40)
    email = _text(254)
    sms_ok = flag()
    email_ok = flag()
    sms_reminder = flag()
    note = _note()
    confirm = addresses_to_confirm()
    version = fields.Integer(strict=True)

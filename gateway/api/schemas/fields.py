"""Pieces that shapes are made of: kinds of fields, what is answered, a page of a list."""

from typing import Any, get_args

from marshmallow import INCLUDE, Schema, fields, validate

from shared.contracts.booking import Tell
from shared.contracts.people import ADDRESSES


def text(description: str = "", **options: Any) -> fields.String:
    """Return a field of text."""
    return fields.String(metadata={"description": description} if description else {}, **options)


def optional(description: str = "", **options: Any) -> fields.String:
    """Return a field of text that may be null."""
    return text(description, allow_none=True, **options)


def moment(description: str = "", **options: Any) -> fields.String:
    """Return a field that holds an ISO 8601 moment with offset, in the clinic's time zone."""
    return fields.String(
        metadata={"description": description, "format": "date-time", "example": "2026-12-01T14:00:00+01:00"}, **options
    )


def day(description: str = "", **options: Any) -> fields.String:
    """Return a field that holds a date."""
    return fields.String(metadata={"description": description, "format": "date", "example": "2026-12-01"}, **options)


def one_of(*values: str, **options: Any) -> fields.String:
    """Return a field that holds one of these words."""
    return fields.String(validate=validate.OneOf(values), **options)


def many(schema: type[Schema] | str) -> fields.List[Any]:
    """Return a field that lists things of one shape."""
    return fields.List(fields.Nested(schema), required=True)


def addresses_to_confirm() -> fields.List[str]:
    """Return which addresses of a record staff know to be the patient's."""
    told = "Which of the record's addresses are the patient's, by your word: a login by this mobile then opens it."
    return fields.List(one_of(*ADDRESSES), metadata={"description": told})


def unconfirmed_addresses() -> fields.List[str]:
    """Return which addresses nothing is sent to."""
    told = "Given by somebody on the web and not confirmed: nothing of this is sent there. Ask, and send `confirm`."
    return fields.List(one_of(*ADDRESSES), metadata={"description": told})


def whom_to_tell() -> fields.String:
    """Return whom a change by staff is told."""
    told = "Everybody, where nothing is said; the practitioner and the clinic; or nobody."
    return fields.String(validate=validate.OneOf(get_args(Tell)), allow_none=True, metadata={"description": told})


def differing_addresses() -> fields.List[str]:
    """Return which addresses of a booking are not those of its patient's record."""
    told = "Others were typed than the record has: this booking's messages go to what was typed, nothing else does."
    return fields.List(one_of(*ADDRESSES), metadata={"description": told})


def version_in_view() -> fields.Integer:
    """Return the version of a booking whose change was decided on."""
    told = "The `version` that was read: where it is another by now, nothing is done (409 `changed_meanwhile`)."
    return fields.Integer(allow_none=True, metadata={"description": told})


class Answer(Schema):
    """Something that is answered. Readers ignore fields that they do not know, so that new ones can come."""

    class Meta:
        """Fields beyond those that are described may come."""

        unknown = INCLUDE


class PageOfList(Schema):
    """Which part of a list."""

    limit = fields.Integer(metadata={"description": "At most so many, 50 by default, up to 200."})
    cursor = text("`next` of the page before.")

"""The accounts of the people who work at a clinic."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, PageOfList, many, one_of, optional, text

_CALENDAR = "The key of their own calendar; a therapist has one."
_PASSWORD = "12 to 200 characters."  # noqa: S105 - how long one is


class Account(Answer):
    """Who works at the clinic, or is invited to."""

    id = text(required=True)
    email = text(required=True)
    role = one_of("administrator", "therapist", required=True)
    practitioner = optional(_CALENDAR, required=True)
    state = one_of("active", "invited", required=True)
    changeable = fields.Boolean(
        required=True, metadata={"description": "Whether the clinic may set email and password: they work nowhere else."}
    )
    version = fields.Integer(required=True)


class Accounts(Answer):
    """A page of accounts, by address."""

    accounts = many(Account)
    next = optional(required=True)


class AccountsQuery(PageOfList):
    """Which of them."""


class AccountBody(Schema):
    """Who is to work at the clinic."""

    email = text(required=True)
    role = one_of("administrator", "therapist", required=True)
    practitioner = optional(_CALENDAR)
    password = optional(f"{_PASSWORD} Not looked at where they have an account already: they are invited instead.")


class AccountChangeBody(Schema):
    """What is to change; their sessions end."""

    email = text("Only where they work nowhere else; as `password`.")
    role = one_of("administrator", "therapist")
    practitioner = optional(f"{_CALENDAR} Empty takes it away.")
    password = optional(_PASSWORD)
    version = fields.Integer(
        allow_none=True, metadata={"description": "The `version` that was read: where it is another, nothing is done."}
    )

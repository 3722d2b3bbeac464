"""Logging in as staff."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, many, moment, one_of, optional, text


class LoginBody(Schema):
    """Who logs in."""

    email = text(required=True)
    password = text(required=True)
    code = optional("The authenticator's code, where two-step login is on.")


class Login(Answer):
    """A new staff session."""

    token = text("For `Authorization: Bearer`; lasts twelve hours from last use.", required=True)
    role = one_of("administrator", "therapist", required=True)
    clinics = fields.List(
        fields.String(), required=True, allow_none=True, metadata={"description": "null: all of the installation."}
    )


class SessionRow(Answer):
    """A session of the account."""

    id = text(required=True)
    created_at = moment(required=True)
    last_used_at = moment(required=True)
    current = fields.Boolean(required=True)


class Sessions(Answer):
    """The account and its sessions."""

    email = text(required=True)
    role = text(required=True)
    clinics = fields.List(fields.String(), required=True, allow_none=True)
    sessions = many(SessionRow)


class SessionChoice(Schema):
    """Which sessions to end."""

    session = text("A session's id, or `all`; left out: this one.")

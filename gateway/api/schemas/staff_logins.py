"""Logging in as staff."""

from typing import Any

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, many, moment, one_of, optional, text


class LoginBody(Schema):
    """Who logs in."""

    email = text(required=True)
    password = text(required=True)
    code = optional("The authenticator's code, where two-step login is on.")


class WorkPlace(Answer):
    """What somebody is at one clinic."""

    clinic = text(required=True)
    role = one_of("administrator", "therapist", required=True)
    practitioner = optional("The key of their own calendar.", required=True)


def _clinics() -> fields.List[Any]:
    told = {"description": "Where they work; null: they administer the installation, with all its clinics."}
    return fields.List(fields.Nested(WorkPlace), required=True, allow_none=True, metadata=told)


class Login(Answer):
    """A new staff session. `role` is the highest that they have anywhere."""

    token = text("For `Authorization: Bearer`; lasts twelve hours from last use.", required=True)
    role = one_of("administrator", "therapist", required=True)
    clinics = _clinics()


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
    clinics = _clinics()
    sessions = many(SessionRow)


class SessionChoice(Schema):
    """Which sessions to end."""

    session = text("A session's id, or `all`; left out: this one.")

"""The accounts of the people who work at clinics: logging in, passwords, and who has one."""

from typing import Any

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, PageOfList, many, moment, one_of, optional, text

_PASSWORD = "12 to 200 characters."
_CALENDAR = "The key of their own calendar; a therapist has one."


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
    browser = text("In which it began, empty for a program.")
    system = text("On what, `Windows` or `iPhone`, empty where that is unknown.")


class Sessions(Answer):
    """The account and its sessions."""

    email = text(required=True)
    two_step = fields.Boolean(required=True, metadata={"description": "Whether this session began by two steps."})
    role = text(required=True)
    clinics = _clinics()
    sessions = many(SessionRow)


class SessionChoice(Schema):
    """Which sessions to end."""

    session = text("A session's id, or `all`; left out: this one.")


class OwnPasswordBody(Schema):
    """One's own password."""

    password = text(required=True)


class CodeBody(Schema):
    """A second step."""

    code = text("What the app shows, or a recovery code.", required=True)


class TwoStep(Answer):
    """What an authenticator app is told."""

    secret = text("To be typed into the app where it cannot scan.", required=True)
    uri = text("The same as an `otpauth:` address.", required=True)
    qr = text("The same as a QR code, SVG.", required=True)


class RecoveryCodes(Answer):
    """Codes that stand for the app, one login each; they are shown this once."""

    recovery_codes = fields.List(fields.String(), required=True)


class TwoStepLogin(Login, RecoveryCodes):
    """A new session by two steps, and the codes for when the app is lost."""


class PasswordBody(Schema):
    """One's own password, and the one in its place."""

    old = text(required=True)
    new = text(_PASSWORD, required=True)


class ResetAskBody(Schema):
    """Whose password was forgotten."""

    email = text(required=True)


class ResetBody(Schema):
    """The password that is chosen."""

    password = text(_PASSWORD, required=True)


class Account(Answer):
    """Who works at the clinic, or is invited to."""

    id = text(required=True)
    email = text(required=True)
    role = one_of("administrator", "therapist", required=True)
    practitioner = optional(_CALENDAR, required=True)
    state = one_of("active", "invited", required=True)
    two_step = fields.Boolean(required=True, metadata={"description": "Whether they log in by two steps."})
    changeable = fields.Boolean(
        required=True,
        metadata={"description": "Whether the clinic may set email and password: they work nowhere else."},
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
    two_step = fields.Boolean(
        allow_none=True, metadata={"description": "false: they have lost their app; as `password`. Never true."}
    )
    version = fields.Integer(
        allow_none=True, metadata={"description": "The `version` that was read: where it is another, nothing is done."}
    )

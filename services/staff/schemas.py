"""What callers may send to staff."""

from marshmallow import Schema, fields, validate

from shared.incoming.fields import an_id, flag, one_line, page_limit
from shared.texts.language import LANGUAGES

_LONGEST_TYPED = 1000
"""Characters of what is typed as a password: one that is too long is told so, beyond this it is no password."""

_LONGEST_CODE = 40


def _text(longest: int, **options: object) -> fields.String:
    return fields.String(validate=[validate.Length(min=1, max=longest), one_line], **options)  # type: ignore[arg-type]


def _role(**options: object) -> fields.String:
    return fields.String(validate=validate.OneOf(("administrator", "therapist")), **options)  # type: ignore[arg-type]


class LogInSchema(Schema):
    """What somebody says to prove who they are."""

    email = _text(254, required=True)
    password = _text(_LONGEST_TYPED, required=True)
    code = _text(_LONGEST_CODE)


class PasswordSchema(Schema):
    """One's own password."""

    password = _text(_LONGEST_TYPED, required=True)


class CodeSchema(Schema):
    """A code of the app, or one that stands for it."""

    code = _text(_LONGEST_CODE, required=True)


class ChangePasswordSchema(Schema):
    """A password, and the one in its place."""

    old = _text(_LONGEST_TYPED, required=True)
    new = _text(_LONGEST_TYPED, required=True)


class AskResetSchema(Schema):
    """Who wants a new password, and what they read."""

    email = _text(254, required=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES))


class AccountsSchema(Schema):
    """Which page of the accounts."""

    limit = page_limit()
    cursor = an_id("There is no such page.", load_default=None)


class AddAccountSchema(Schema):
    """Who is to work at the clinic, and as what."""

    email = _text(254, required=True)
    role = _role(required=True)
    practitioner = _text(64)
    password = _text(_LONGEST_TYPED)


class UpdateAccountSchema(Schema):
    """What is to change; empty text takes the practitioner away. `version` is the one that was in view."""

    email = _text(254)
    role = _role()
    practitioner = fields.String(validate=[validate.Length(max=64), one_line])
    password = _text(_LONGEST_TYPED)
    two_step = fields.Boolean(
        truthy=set(), falsy={False}, error_messages={"invalid": "It can be switched off for somebody, not on."}
    )
    version = fields.Integer(strict=True)


class AddFeedSchema(Schema):
    """Whose calendar is fetched, whether with patients' names, and in which language the rest of it is."""

    practitioner = _text(64, required=True)
    names = flag(load_default=False)
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=LANGUAGES[0])

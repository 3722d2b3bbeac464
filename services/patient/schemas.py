"""What callers may send to patient."""

from marshmallow import Schema, ValidationError, fields, validate

from shared.incoming import flag, one_line, page_limit


def _text(longest: int, *, shortest: int = 0) -> fields.String:
    return fields.String(
        validate=[validate.Length(min=shortest, max=longest), one_line],
    )


def _name() -> fields.String:
    def says_something(text: str) -> None:
        if not text.strip():
            raise ValidationError("Give a name.")

    return fields.String(validate=[validate.Length(min=1, max=100), one_line, says_something])


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
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"[0-9a-f]{32}\Z"))


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

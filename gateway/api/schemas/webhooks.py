"""What providers' calls carry in their addresses."""

from marshmallow import Schema

from gateway.api.schemas.fields import text


class StatusQuery(Schema):
    """Of which message a status callback tells."""

    message = text("The message's id.")

"""What those who run an installation ask: whether it lives and is ready; and what providers' calls carry."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, one_of, optional, text


class Alive(Answer):
    """The process answers."""

    status = one_of("ok", required=True)


class Readiness(Answer):
    """Whether everything that is needed answers."""

    status = one_of("ready", "starting", "stopping", required=True)
    services = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)
    demo = optional("loading, loaded, or null where no demo was asked for.")


class StatusQuery(Schema):
    """Of which message a provider's status callback tells."""

    message = text("The message's id.")

"""Whether the gateway lives, and whether everything that it needs answers."""

from marshmallow import fields

from gateway.api.schemas.fields import Answer, one_of, optional


class Alive(Answer):
    """The process answers."""

    status = one_of("ok", required=True)


class Readiness(Answer):
    """Whether everything that is needed answers."""

    status = one_of("ready", "starting", required=True)
    services = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)
    demo = optional("loading, loaded, or null where no demo was asked for.")

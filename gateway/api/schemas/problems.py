"""A refusal as it is answered."""

from marshmallow import fields

from gateway.api.schemas.fields import Answer, one_of, text
from gateway.api.schemas.times import Slot
from shared.contracts.errors import REFUSALS


class Problem(Answer):
    """A refusal (RFC 9457)."""

    type = text("Where the code is explained.", required=True)
    title = text(required=True)
    status = fields.Integer(required=True)
    code = one_of(*sorted({each.code for each in REFUSALS.values()} | {"internal_error"}), required=True)
    detail = text("For the reader, in their language.", required=True)
    instance = text("The request's id, as in X-Request-Id.")
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with which field."},
    )
    alternatives = fields.List(fields.Nested(Slot), metadata={"description": "The nearest free times."})
    phone = text("The clinic's telephone number.")
    in_doubt = text(
        "Of `timeout` and `unavailable`: what was to be changed may be, all the same, and this says how to see."
    )

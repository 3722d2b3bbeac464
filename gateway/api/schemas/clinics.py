"""What everybody may know of a clinic."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, many, optional, text


class ClinicName(Answer):
    """A clinic whose online booking is active."""

    clinic = text(required=True)
    name = text(required=True)


class Clinics(Answer):
    """Clinics that can be booked."""

    clinics = many(ClinicName)


class ProfileQuery(Schema):
    """Which view of a clinic."""

    template = text("A week template, whose types are preselected.")


class ProfileType(Answer):
    """An appointment type as patients see it."""

    key = text(required=True)
    alias = text("The name that patients see.", required=True)
    description = optional()
    info = optional()
    bring = optional("What patients are to bring.")
    price = optional("A decimal number in the clinic's currency.")
    length = text("Such as 30m or 1h15m.", required=True)
    lengths = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "By practitioner, where it differs."}
    )
    practitioners = fields.List(fields.String(), required=True)
    needs = fields.Dict(allow_none=True)
    fields_ = fields.List(fields.String(), data_key="fields", metadata={"description": "Keys of its own fields."})


class ProfilePractitioner(Answer):
    """A practitioner as patients see them."""

    key = text(required=True)
    name = text(required=True)
    title = optional()
    picture = optional("Its address.")
    about = optional("A few lines.")
    languages = fields.List(fields.String(), metadata={"description": "That they speak, by their codes."})


class Look(Answer):
    """What makes a clinic's pages its own."""

    logo = optional("Its address.")
    accent = optional("A colour that can be read on light ground.")


class Profile(Answer):
    """What a booking page needs to know of a clinic, in one language of the clinic's."""

    clinic = text()
    name = text(required=True)
    language = text("The language of its texts.")
    contact = fields.Dict(allow_none=True)
    languages = fields.List(fields.String(), required=True)
    currency = optional()
    functions = fields.Dict(required=True, metadata={"description": "What is switched on: new, rebook, cancel."})
    look = fields.Nested(Look)
    texts = fields.Dict(allow_none=True)
    fields_ = fields.List(fields.Dict(), data_key="fields", metadata={"description": "The clinic's own fields."})
    details = fields.Dict(required=True)
    types = many(ProfileType)
    practitioners = many(ProfilePractitioner)

"""A booking as its patient makes, sees and changes it."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, day, moment, one_of, optional, text, version_in_view
from gateway.api.schemas.times import ChosenTime

ANSWERS = (
    "Answers to the clinic's own fields, by key. A date is Gregorian, 2026-12-01, whatever the language; a choice may "
    "be given in any language that the clinic has for it."
)


class PatientDetails(Schema):
    """What a patient says of themselves (B3)."""

    national_id = optional()
    birth_date = day("By the Gregorian calendar, whatever the language.", allow_none=True)
    first_name = optional()
    last_name = optional()
    mobile = optional()
    email = optional()
    sms_ok = fields.Boolean(allow_none=True)
    email_ok = fields.Boolean(allow_none=True)


class OwnPatient(PatientDetails):
    """Who it is for: as typed, or one of the people of the login."""

    person = optional("Of `…/my/people`: the record's number, names and birth date count, and are not typed beside it.")


class BookingBody(ChosenTime):
    """A new booking by a patient."""

    hold = optional("The hold from before.")
    patient = fields.Nested(OwnPatient, required=True)
    message = optional()
    answers = fields.Dict(allow_none=True, metadata={"description": ANSWERS})
    language = optional("The language of messages: en sv nb da fr fa.")


class Booked(Answer):
    """What a new booking answers."""

    reference = text(required=True)
    status = one_of("booked", required=True)
    type = text(required=True)
    practitioner = text(required=True)
    start = moment(required=True)
    end = moment(required=True)
    reached_by = fields.List(
        one_of("sms", "email"), metadata={"description": "By what messages reach the patient: as given and agreed to."}
    )
    manage_url = text("The personal link.", required=True)
    manage_token = text(required=True)


class Permission(Answer):
    """Whether the patient may do a thing, until when, and if not, why (a code)."""

    allowed = fields.Boolean(required=True)
    until = moment(allow_none=True)
    reason = optional()


class Permissions(Answer):
    """What the patient may do."""

    rebook = fields.Nested(Permission, required=True)
    cancel = fields.Nested(Permission, required=True)


class BookingCore(Answer):
    """What patients and staff see alike of a booking."""

    reference = text(required=True)
    status = one_of("booked", "cancelled", "missed", "done", required=True)
    origin = one_of("web", "staff", "recall", "api")
    type = text(required=True)
    practitioner = text(required=True)
    resources = fields.List(fields.String())
    start = moment(required=True)
    end = moment(required=True)
    message = optional()
    answers = fields.Dict(allow_none=True)
    language = optional()
    sms_reminder = fields.Boolean()
    invited = fields.Boolean(
        metadata={"description": "Whether the clinic asked the patient to choose another time, by whoever takes it."}
    )
    version = fields.Integer()


class PatientNames(Answer):
    """All that a personal link shows of the patient."""

    first_name = optional()
    last_name = optional()


class OwnBooking(BookingCore):
    """A booking as its patient sees it."""

    clinic = text()
    patient = fields.Nested(PatientNames)
    invitation = optional("What the clinic wrote to who is to choose another time.")
    may = fields.Nested(Permissions)


class MoveBody(Schema):
    """The new time."""

    start = moment(required=True)
    practitioner = optional(
        "Another one than now only where the booking is `invited`; left out there: whoever is free."
    )
    version = version_in_view()


class CancelBody(Schema):
    """Why, if they say."""

    comment = optional()
    version = version_in_view()

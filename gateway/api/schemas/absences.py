"""Leave, closures and blocked times (S8)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, PageOfList, day, many, moment, one_of, optional, text
from gateway.api.schemas.staff_bookings import Booking


class AbsencesQuery(PageOfList):
    """Which absences."""

    from_ = day("First day.", data_key="from")
    to = day("Last day, included.")
    practitioner = text()
    resource = text()


class AbsenceBody(Schema):
    """Leave, a closure or a blocked time (S8): of a practitioner, a resource, or neither: the clinic."""

    practitioner = optional()
    resource = optional()
    from_ = text("A date, or a moment of the clinic's wall clock.", required=True, data_key="from")
    to = text("Likewise; a last date is included.", required=True)
    reason = optional()


class Absence(Answer):
    """An absence that stands."""

    id = text(required=True)
    practitioner = optional()
    resource = optional()
    from_ = text(required=True, data_key="from")
    to = text(required=True)
    reason = optional()


class Absences(Answer):
    """A page of absences."""

    absences = many(Absence)
    next = optional(required=True)


class AbsenceCheckBody(PageOfList):
    """An absence that is not entered: of a practitioner, a resource, or neither: the clinic."""

    practitioner = optional()
    resource = optional()
    from_ = text("A date, or a moment of the clinic's wall clock.", required=True, data_key="from")
    to = text("Likewise; a last date is included.", required=True)


class Collisions(Answer):
    """A page of the bookings to come that an absence would meet, by start."""

    collisions = many(Booking)
    next = optional("Goes as `cursor` into the next call.", required=True)
    count = fields.Integer(metadata={"description": "How many there are from this page on, counted up to 1000."})


class AbsenceAnswer(Answer):
    """The absence's id and the first bookings that it collides with; more of them by `absences/check`.

    Nulls where that could not be found out just now; the absence stands all the same.
    """

    id = text(required=True)
    collisions = fields.List(fields.Nested(Booking), required=True, allow_none=True)
    next = optional("Goes as `cursor` into `absences/check`.")
    count = fields.Integer(
        allow_none=True, metadata={"description": "How many bookings it collides with, counted up to 1000."}
    )


class OtherPlace(Answer):
    """A free time with somebody."""

    start = moment(required=True)
    end = moment(required=True)
    practitioner = text(required=True)


class CollisionWithTimes(Answer):
    """A booking in the way of an absence, and where it could go (C12)."""

    booking = fields.Nested(Booking, required=True)
    same = many(OtherPlace)
    others = many(OtherPlace)
    suggested = fields.Nested(OtherPlace, required=True, allow_none=True)
    reach = fields.List(
        one_of("sms", "email"), metadata={"description": "By what the patient can be asked to choose another time."}
    )


class CollisionTimes(Answer):
    """A page of what stands in the way of an absence, by start, each with the nearest free times."""

    collisions = many(CollisionWithTimes)
    next = optional("Goes as `cursor` into the next call.", required=True)
    count = fields.Integer(metadata={"description": "How many there are from this page on, counted up to 1000."})


class CollisionTimesQuery(Schema):
    """Which part of the list."""

    limit = fields.Integer(metadata={"description": "At most so many, up to 50."})
    cursor = text("`next` of the page before.")


class AbsenceMove(Schema):
    """Where one booking goes."""

    reference = text(required=True)
    start = moment(required=True)
    practitioner = optional("Left out: the one that it has.")
    version = fields.Integer(required=True, metadata={"description": "The `version` that was read."})


class ResolveBody(Schema):
    """What becomes of bookings in the way of an absence: at most 50 of each, each dealt with by itself (C12)."""

    move = fields.List(fields.Nested(AbsenceMove))
    invite = fields.List(text(), metadata={"description": "References: their patients choose another time by a link."})
    text = optional("What the clinic writes to those.")


class Resolved(Answer):
    """What became of one booking; `refusal` holds code and detail, as a problem does, where nothing did."""

    reference = text(required=True)
    done = one_of("moved", "invited", required=True, allow_none=True)
    booking = fields.Nested(Booking, required=True, allow_none=True)
    refusal = fields.Dict(required=True, allow_none=True)


class Resolutions(Answer):
    """What became of each, in the order of the call: first what was to be moved."""

    results = many(Resolved)
    open = fields.Integer(
        required=True, metadata={"description": "How many still stand in the way; those are on the watch list."}
    )

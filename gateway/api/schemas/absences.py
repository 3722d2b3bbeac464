"""Leave, closures and blocked times (S8)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, PageOfList, day, many, optional, text
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

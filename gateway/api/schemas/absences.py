"""Leave, closures and blocked times (S8)."""

from marshmallow import Schema

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


class AbsenceAnswer(Answer):
    """The absence's id and the bookings that it collides with."""

    id = text(required=True)
    collisions = many(Booking)

"""The staff's calendar (C6)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, day, many, moment, one_of, optional, text


class CalendarQuery(Schema):
    """Which dates, 14 at most; a therapist gets the own column."""

    from_ = day("First day.", required=True, data_key="from")
    to = day("Last day, included.", required=True)
    practitioner = text("A practitioner's key; left out: all.")


class DayListQuery(Schema):
    """Which day's bookings; a therapist gets the own ones."""

    date = day("Left out: today, by the clinic's clocks.")
    practitioner = text("A practitioner's key; left out: all.")
    bom = fields.Boolean(
        metadata={"description": "Whether it begins with the mark by which Excel knows UTF-8; left out: true."}
    )


class CalendarBlock(Answer):
    """A block of the plan; `online` says whether patients can book in it."""

    kind = text("A block kind's key.", required=True)
    start = moment(required=True)
    end = moment(required=True)
    online = fields.Boolean(required=True)


class CalendarAbsence(Answer):
    """An absence, as far as it lies on the date."""

    id = text(required=True)
    start = moment(required=True)
    end = moment(required=True)
    reason = optional(required=True)


class CalendarColumn(Answer):
    """A practitioner's date."""

    key = text(required=True)
    blocks = many(CalendarBlock)
    absences = many(CalendarAbsence)


class CalendarResource(Answer):
    """When a room or device cannot be used."""

    key = text(required=True)
    absences = many(CalendarAbsence)


class CalendarDay(Answer):
    """A date; `closed` says whether it is closed to the web."""

    date = day(required=True)
    holiday = optional("The public holiday's name, in the reader's language where it has one.", required=True)
    closed = fields.Boolean(required=True)
    practitioners = many(CalendarColumn)
    resources = many(CalendarResource)


class CalendarBooking(Answer):
    """Little of a booking; `GET …/bookings/{reference}` has the rest."""

    reference = text(required=True)
    start = moment(required=True)
    end = moment(required=True)
    practitioner = text(required=True)
    resources = fields.List(fields.String())
    type = text(required=True)
    status = one_of("booked", "missed", "done", required=True)
    origin = one_of("web", "staff", "recall", "api", required=True)
    first_name = optional()
    last_name = optional()
    message = optional("The first 120 characters of what the patient wrote.")
    has_note = fields.Boolean(required=True, metadata={"description": "Whether staff have written a note on it."})
    arrived_at = moment("Since when the patient is there.", allow_none=True)
    failed_message = fields.Boolean(required=True, metadata={"description": "Whether a message reached nobody."})
    not_told = fields.Boolean(required=True, metadata={"description": "Whether its last change was told to nobody."})
    version = fields.Integer(required=True)


class Calendar(Answer):
    """The dates that are asked for, and the bookings that start on them; cancelled ones are left out."""

    days = many(CalendarDay)
    bookings = many(CalendarBooking)

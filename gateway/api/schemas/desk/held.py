"""All that is held of one patient (A3)."""

from marshmallow import fields

from gateway.api.schemas.fields import Answer, many, moment, one_of, optional, text
from gateway.api.schemas.messages import Message
from gateway.api.schemas.needs import Need
from gateway.api.schemas.patients import AccessLogRow, Patient
from gateway.api.schemas.staff_bookings import Booking, HistoryEntry


class HeldBooking(Booking):
    """A booking with all that happened to it."""

    history = many(HistoryEntry)


class HeldRecall(Answer):
    """That the patient was called in, and how; a card's code is not told: it opens what it is for."""

    reference = optional("Of the booking that it called to.", required=True)
    need = optional("The id of the need that it was for.", required=True)
    created_at = moment(required=True)
    issued = fields.Integer(required=True, metadata={"description": "How many times it went out."})
    issued_at = moment(required=True, allow_none=True)
    channels = fields.List(one_of("sms", "email", "card"), required=True)


class Held(Answer):
    """The record with its note, and everything that belongs to it. It is written down that it was handed out."""

    exported_at = moment(required=True)
    clinic = text(required=True)
    patient = fields.Nested(Patient, required=True)
    imported_at = moment("When a former system's file told of the record.", required=True, allow_none=True)
    needs = many(Need)
    bookings = many(HeldBooking)
    recalls = many(HeldRecall)
    messages = many(Message)
    access_log = many(AccessLogRow)
    complete = fields.Boolean(
        required=True, metadata={"description": "False where a list was too long to be put together whole."}
    )

"""What is held of one patient, that it was erased, and what goes by itself (A3)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, many, moment, one_of, optional, text
from gateway.api.schemas.messages import Message
from gateway.api.schemas.needs import Need
from gateway.api.schemas.patients import AccessLogRow, Patient
from gateway.api.schemas.staff_bookings import Booking, HistoryEntry
from shared.clinic.retention import KINDS


class HeldBooking(Booking):
    """A booking with all that happened to it, and the consent that was given for it: when, says its first entry."""

    sms_ok = fields.Boolean(
        allow_none=True, metadata={"description": "Whether its patient agreed to text messages (B18a); null: not said."}
    )
    email_ok = fields.Boolean(allow_none=True, metadata={"description": "The same of emails."})
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
    purpose = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "What `sms_ok` and `email_ok` are asked for, in each language: `{en, sv, …}`.",
            "example": {"en": "We send text messages and emails only about your appointments with us: …"},
        },
    )
    imported_at = moment("When a former system's file told of the record.", required=True, allow_none=True)
    needs = many(Need)
    bookings = many(HeldBooking)
    recalls = many(HeldRecall)
    messages = many(Message)
    access_log = many(AccessLogRow)
    complete = fields.Boolean(
        required=True, metadata={"description": "False where a list was too long to be put together whole."}
    )


class WouldErase(Answer):
    """What erasing a patient would take away for good, and what of it would stay without them; nothing is changed."""

    patient = text(required=True)
    coming = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "References of appointments to come: who has any is not erased. Cancel them first."},
    )
    bookings = fields.Integer(
        required=True, metadata={"description": "Other appointments. They stay, with when, with whom and for what."}
    )
    needs = fields.Integer(required=True)
    recalls = fields.Integer(required=True)
    messages = fields.Integer(
        required=True, metadata={"description": "That they were written stays; what they said and to whom does not."}
    )
    messages_waiting = fields.Integer(required=True, metadata={"description": "Others, which will not go out."})
    notes = fields.Integer(required=True, metadata={"description": "That staff wrote of the patient or appointments."})
    openings = fields.Integer(
        required=True, metadata={"description": "Entries of the access log. They stay, under an id of nobody."}
    )
    complete = fields.Boolean(
        required=True, metadata={"description": "False where a list was too long to be counted to its end."}
    )


class EraseBody(Schema):
    """The patient's name as the record has it, typed to say that it is to be erased for good."""

    confirm = text(required=True)


class Erasure(Answer):
    """A record that was erased, and how far the others are. Bookings keep when and for what they were, nobody's."""

    patient = text(required=True)
    erased_at = moment(required=True)
    bookings_at = moment("Since when booking holds nothing of the person.", required=True, allow_none=True)
    messages_at = moment("Since when nothing of what was written to them is held.", required=True, allow_none=True)
    everywhere_at = moment("Null while somebody still has to say so.", required=True, allow_none=True)


def _period() -> fields.String:
    return text("A period that is not in force, in whole days: `365d`. Of kinds that are named alone it is answered.")


class RetentionQuery(Schema):
    """By which periods it is counted what they would delete; those in force where none is named."""

    messages = _period()
    bookings = _period()
    access_log = _period()
    watch_list = _period()
    needs = _period()
    patients = _period()


class RetentionRow(Answer):
    """What of one kind is older than the clinic keeps it, and what went when it was last looked through."""

    kind = one_of(*KINDS, required=True)
    period = optional("Null where it is kept for ever.", required=True)
    over = fields.Integer(
        required=True, allow_none=True, metadata={"description": "How much that period would delete now."}
    )
    is_more = fields.Boolean(required=True, metadata={"description": "Whether there may be more: not all was counted."})
    ran_at = moment("When it was last looked through: once a day, at night.", required=True, allow_none=True)
    deleted = fields.Integer(required=True, allow_none=True, metadata={"description": "How much that run has deleted."})


class Retention(Answer):
    """How long data is kept, and what goes."""

    retention = many(RetentionRow)

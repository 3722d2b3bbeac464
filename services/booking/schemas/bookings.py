"""What callers may send to hold, book and change."""

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import Schema, fields, validate

from services.booking.model.requests import (
    BookingRequest,
    CancelRequest,
    ChangeRequest,
    HoldRequest,
    NewLinkRequest,
    NoteRequest,
    PatientDetails,
)
from services.booking.schemas.fields import a_key, a_moment, a_text, in_utc
from shared.contracts.booking import Tell
from shared.contracts.errors import Invalid
from shared.incoming.fields import addresses_to_confirm, an_id, asked_for, checked, flag, minutes_of_length
from shared.texts.language import LANGUAGES

LONGEST_MESSAGE = 2000
LONGEST_COMMENT = 1000
LONGEST_NOTE = 2000


_HOLD = validate.Regexp(r"[A-Za-z0-9_-]{1,32}\Z", error="This is no hold.")


def _tell() -> fields.String:
    """Return the field that says whom staff let know (PRODUCT C10)."""
    return fields.String(validate=validate.OneOf(get_args(Tell)))


class HoldSchema(Schema):
    """A time to hold; `replaces` is the hold that the same visitor had before."""

    type = a_key(required=True)
    practitioner = a_key()
    start = a_moment(required=True)
    end = a_moment()
    need = an_id("This is no need.")
    replaces = fields.String(validate=_HOLD)
    patient = asked_for()


class StaffHoldSchema(HoldSchema):
    """A time to hold, by staff."""

    minutes = minutes_of_length()
    outside_plan = flag()


class PatientSchema(Schema):
    """Who the appointment is for, as typed; what of it is needed is the clinic's choice."""

    national_id = a_text(40)
    birth_date = fields.Date()
    first_name = a_text(1000)  # a name's own limit is a rule of `details`, with a better sentence
    last_name = a_text(1000)
    mobile = a_text(100)
    email = a_text(320)
    sms_ok = flag()
    email_ok = flag()


class OwnPatientSchema(PatientSchema):
    """As patients give it: one of the people of their login, or as typed."""

    person = an_id("This is nobody of yours.")


class StaffPatientSchema(PatientSchema):
    """As staff give it: by id, or as typed."""

    id = an_id("This is no patient's id.")


class BookingSchema(Schema):
    """A booking as patients make it."""

    type = a_key(required=True)
    practitioner = a_key()
    start = a_moment(required=True)
    end = a_moment()
    hold = fields.String(validate=_HOLD)
    need = an_id("This is no need.")
    patient = fields.Nested(OwnPatientSchema, required=True)
    message = a_text(LONGEST_MESSAGE)
    answers = fields.Dict(keys=a_key(), load_default=dict)
    language = fields.String(validate=validate.OneOf(LANGUAGES))


class StaffBookingSchema(BookingSchema):
    """A booking as staff make it."""

    patient = fields.Nested(StaffPatientSchema, required=True)
    minutes = minutes_of_length()
    outside_plan = flag()
    confirm = addresses_to_confirm()
    tell = _tell()


class MoveSchema(Schema):
    """A patient's move; the practitioner is chosen by who was invited to choose another time."""

    start = a_moment(required=True)
    practitioner = a_key()
    version = fields.Integer(strict=True)


class ChangeSchema(Schema):
    """A change by staff."""

    start = a_moment()
    practitioner = a_key()
    type = a_key()
    minutes = minutes_of_length()
    version = fields.Integer(strict=True)
    outside_plan = flag()
    tell = _tell()


class NewLinkSchema(Schema):
    """A new link; it is sent where nothing else is said."""

    version = fields.Integer(strict=True, load_default=None)
    send = flag(load_default=True)


class CancelSchema(Schema):
    """A cancellation."""

    comment = a_text(LONGEST_COMMENT)
    version = fields.Integer(strict=True)


class StaffCancelSchema(CancelSchema):
    """A cancellation by staff."""

    tell = _tell()


class UndoSchema(Schema):
    """Which change to take back: the one that made this version."""

    version = fields.Integer(strict=True, required=True)


class NoteSchema(Schema):
    """What staff note for themselves."""

    text = a_text(LONGEST_NOTE, required=True)
    version = fields.Integer(strict=True, load_default=None)


class SmsReminderSchema(Schema):
    """Whether an appointment is reminded of by SMS."""

    on = flag(required=True)


class HappenedSchema(Schema):
    """Whether a thing happened, or that is taken back; it did, where nothing is said."""

    on = flag(load_default=True)


_HELD, _HELD_BY_STAFF = HoldSchema(), StaffHoldSchema()
_BOOKED, _BOOKED_BY_STAFF, _MOVED = BookingSchema(), StaffBookingSchema(), MoveSchema()
"""Made once: making a schema costs as much as reading by it."""


def hold_request(sent: Mapping[str, Any]) -> HoldRequest:
    """Read a hold as patients make it; raise Invalid."""
    return HoldRequest(**in_utc(checked(_HELD, sent)))


def staff_hold_request(sent: Mapping[str, Any]) -> HoldRequest:
    """Read a hold as staff make it; raise Invalid."""
    return HoldRequest(**in_utc(checked(_HELD_BY_STAFF, sent)))


def booking_request(sent: Mapping[str, Any]) -> BookingRequest:
    """Read a booking as patients make it; raise Invalid."""
    return _booking(_BOOKED, sent)


def staff_booking_request(sent: Mapping[str, Any]) -> BookingRequest:
    """Read a booking as staff make it; raise Invalid."""
    return _booking(_BOOKED_BY_STAFF, sent)


def _booking(schema: Schema, sent: Mapping[str, Any]) -> BookingRequest:
    read = in_utc(checked(schema, sent))
    read["confirm"] = tuple(read.get("confirm", ()))
    return BookingRequest(**{**read, "patient": PatientDetails(**read["patient"])})


def named_booking(clinic: object, reference: object) -> tuple[str, str]:
    """Return clinic and reference of the booking that staff name; raise Invalid where one of them is left out."""
    named = {"clinic": clinic, "reference": reference}
    if missing := {name: ["This field is required."] for name, given in named.items() if given is None}:
        raise Invalid.because("Name a link, or a clinic and a booking of it.", errors=missing)
    return str(clinic), str(reference)


def move_request(sent: Mapping[str, Any]) -> ChangeRequest:
    """Read a patient's move; raise Invalid."""
    return ChangeRequest(**in_utc(checked(_MOVED, sent)))


def change_request(sent: Mapping[str, Any]) -> ChangeRequest:
    """Read a change by staff; raise Invalid."""
    return ChangeRequest(**in_utc(checked(ChangeSchema(), sent)))


def new_link_request(sent: Mapping[str, Any]) -> NewLinkRequest:
    """Read a call for a new link; raise Invalid."""
    return NewLinkRequest(**checked(NewLinkSchema(), sent))


def cancel_request(sent: Mapping[str, Any]) -> CancelRequest:
    """Read a cancellation; raise Invalid."""
    return _cancellation(CancelSchema(), sent)


def staff_cancel_request(sent: Mapping[str, Any]) -> CancelRequest:
    """Read a cancellation by staff; raise Invalid."""
    return _cancellation(StaffCancelSchema(), sent)


def _cancellation(schema: Schema, sent: Mapping[str, Any]) -> CancelRequest:
    read = checked(schema, sent)
    return CancelRequest(read.get("comment", "").strip() or None, read.get("version"), read.get("tell", "all"))


def undo_request(sent: Mapping[str, Any]) -> int:
    """Read which version's change is to be taken back; raise Invalid."""
    return int(checked(UndoSchema(), sent)["version"])


def note_request(sent: Mapping[str, Any]) -> NoteRequest:
    """Read a note; raise Invalid."""
    read = checked(NoteSchema(), sent)
    return NoteRequest(read["text"].strip(), read["version"])


def happened(sent: Mapping[str, Any]) -> bool:
    """Read whether a thing happened; raise Invalid."""
    return bool(checked(HappenedSchema(), sent)["on"])


def sms_reminder(sent: Mapping[str, Any]) -> bool:
    """Read whether the SMS reminder is to be on; raise Invalid."""
    return bool(checked(SmsReminderSchema(), sent)["on"])

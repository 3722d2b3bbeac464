"""A booking as staff see and change it, and what happened to it."""

from marshmallow import Schema, fields

from gateway.api.schemas.bookings import Booked, BookingBody, BookingCore, CancelBody, PatientDetails, PatientNames
from gateway.api.schemas.fields import (
    Answer,
    PageOfList,
    addresses_to_confirm,
    day,
    differing_addresses,
    many,
    moment,
    one_of,
    optional,
    text,
    unconfirmed_addresses,
    version_in_view,
    whom_to_tell,
)


class BookingPatient(PatientNames):
    """The patient of a booking as staff see it; `id` is null until the patient's record is made or found."""

    id = optional()
    mobile = optional()
    email = optional()


class Booking(BookingCore):
    """A booking as staff see it."""

    patient = fields.Nested(BookingPatient)
    contact_differs = differing_addresses()
    comment = optional("Why it was cancelled, where somebody said so.")
    arrived_at = moment("When its patient was noted as there.", allow_none=True)
    note = optional("What staff have noted for themselves.")
    not_told = fields.Boolean(metadata={"description": "The patient has not been told of how it is now."})
    undo_until = moment("Until then who asks may take its newest change back.", allow_none=True)


class BookingsQuery(PageOfList):
    """Which bookings."""

    from_ = day("First day.", data_key="from")
    to = day("Last day, included.")
    practitioner = text()
    status = one_of("booked", "cancelled", "missed", "done")
    patient = text("A patient's id.")


class Bookings(Answer):
    """A page of bookings."""

    bookings = many(Booking)
    next = optional(required=True)


class StaffPatient(PatientDetails):
    """A patient by id, or by details."""

    id = optional()


class StaffBookingBody(BookingBody):
    """A booking for a patient, by staff."""

    patient = fields.Nested(StaffPatient, required=True)
    minutes = fields.Integer(allow_none=True)
    outside_plan = fields.Boolean(allow_none=True, metadata={"description": "Needed outside any block."})
    confirm = addresses_to_confirm()
    tell = whom_to_tell()


class StaffBooked(Booked):
    """What a booking by staff answers."""

    unconfirmed = unconfirmed_addresses()


class StaffMoveBody(Schema):
    """What changes."""

    start = moment(allow_none=True)
    practitioner = optional()
    type = optional()
    minutes = fields.Integer(allow_none=True)
    version = version_in_view()
    outside_plan = fields.Boolean(allow_none=True)
    tell = whom_to_tell()


class StaffCancelBody(CancelBody):
    """Why, and who is to be told."""

    tell = whom_to_tell()


class UndoBody(Schema):
    """Which change is taken back: the one that made this version."""

    version = fields.Integer(required=True)


class HappenedBody(Schema):
    """Whether it happened, or that is taken back; it did, where nothing is said."""

    on = fields.Boolean(allow_none=True)


class NoteBody(Schema):
    """What staff note for themselves; an empty text takes it away (C9)."""

    text = text(required=True)
    version = version_in_view()


class NewLinkBody(Schema):
    """Whether the patient is sent the new link; they are, where nothing else is said (C13)."""

    send = fields.Boolean(allow_none=True)
    version = version_in_view()


class RenewedBooking(Booking):
    """A booking with the only link that opens it now."""

    manage_url = text("The new personal link.", required=True)
    manage_token = text(required=True)


class SmsReminderBody(Schema):
    """Whether this appointment's SMS reminder goes out (N3)."""

    on = fields.Boolean(required=True)


class HistoryEntry(Answer):
    """One event of a booking (A1)."""

    at = moment(required=True)
    type = text("The event's.", required=True)
    actor = fields.Raw(required=True)
    source = optional("From where; for administrators alone.")
    changes = fields.Dict(metadata={"description": "By field: [before, after]; why it was cancelled under `comment`."})
    version = fields.Integer(allow_none=True)


class History(Answer):
    """A page of a booking's history."""

    history = many(HistoryEntry)
    next = optional(required=True)


class VerifyQuery(Schema):
    """From where on."""

    cursor = text("`next` of the page before.")


class BrokenHistory(Answer):
    """Something that is not as it was written."""

    reference = optional("The booking's; null where a checkpoint itself is broken.", required=True)
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "Of the entry; null: the end."})
    checkpoint = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Number of the one that is broken, or that shows it."}
    )
    reason = text("What is wrong.", required=True)


class VerifiedHistory(Answer):
    """A page of what was looked at. All is whole where `broken` is empty in every page."""

    checked = fields.Integer(required=True, metadata={"description": "How many bookings were looked at."})
    entries = fields.Integer(required=True, metadata={"description": "How many entries of their histories."})
    checkpoints = fields.Integer(required=True, metadata={"description": "How many checkpoints; they come last."})
    waiting = fields.Integer(
        required=True, metadata={"description": "How many of these bookings have changed since the last checkpoint."}
    )
    until = optional("When the last checkpoint was made; null: there is none yet.", required=True)
    broken = many(BrokenHistory)
    next = optional(required=True)


class WatchListQuery(PageOfList):
    """Which part of the watch list."""

    done = fields.Boolean(metadata={"description": "What was ticked off, the latest first; left out: what is open."})


class WatchListRow(Answer):
    """A patient who cancelled (M5), or a booking that stands in the way of an absence (C12)."""

    id = text(required=True)
    at = moment()
    reason = one_of("cancelled", "absence", required=True)
    absence = optional("The absence that is in the way.")
    comment = optional("Why, if they said.")
    done_at = moment("When it was ticked off.", allow_none=True)
    done_by = optional("By whom.")
    booking = fields.Nested(Booking)


class WatchList(Answer):
    """A page of the watch list."""

    watch_list = many(WatchListRow)
    next = optional(required=True)

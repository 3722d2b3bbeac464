"""The shapes of the API, for names and for OpenAPI. What values are right is checked by the services (CONTRACTS 2)."""

from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from shared.contracts.errors import REFUSALS


def text(description: str = "", **options: Any) -> fields.String:
    """Return a field of text."""
    return fields.String(metadata={"description": description} if description else {}, **options)


def optional(description: str = "", **options: Any) -> fields.String:
    """Return a field of text that may be null."""
    return text(description, allow_none=True, **options)


def moment(description: str = "", **options: Any) -> fields.String:
    """Return a field that holds an ISO 8601 moment with offset, in the clinic's time zone."""
    return fields.String(
        metadata={"description": description, "format": "date-time", "example": "2026-12-01T14:00:00+01:00"}, **options
    )


def day(description: str = "", **options: Any) -> fields.String:
    """Return a field that holds a date."""
    return fields.String(metadata={"description": description, "format": "date", "example": "2026-12-01"}, **options)


def one_of(*values: str, **options: Any) -> fields.String:
    """Return a field that holds one of these words."""
    return fields.String(validate=validate.OneOf(values), **options)


def many(schema: type[Schema] | str) -> fields.List[Any]:
    """Return a field that lists things of one shape."""
    return fields.List(fields.Nested(schema), required=True)


class Answer(Schema):
    """Something that is answered. Readers ignore fields that they do not know, so that new ones can come."""

    class Meta:
        """Fields beyond those that are described may come."""

        unknown = INCLUDE


class Problem(Answer):
    """A refusal (RFC 9457)."""

    type = text("Where the code is explained.", required=True)
    title = text(required=True)
    status = fields.Integer(required=True)
    code = one_of(*sorted({each.code for each in REFUSALS.values()} | {"internal_error"}), required=True)
    detail = text("For the reader, in their language.", required=True)
    instance = text("The request's id, as in X-Request-Id.")
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with which field."},
    )
    alternatives = fields.List(fields.Nested(lambda: Slot()), metadata={"description": "The nearest free times."})
    phone = text("The clinic's telephone number.")


class PageOfList(Schema):
    """Which part of a list."""

    limit = fields.Integer(metadata={"description": "At most so many, 50 by default, up to 200."})
    cursor = text("`next` of the page before.")


class ClinicName(Answer):
    """A clinic whose online booking is active."""

    clinic = text(required=True)
    name = text(required=True)


class Clinics(Answer):
    """Clinics that can be booked."""

    clinics = many(ClinicName)


class ProfileQuery(Schema):
    """Which view of a clinic."""

    template = text("A week template, whose types are preselected (B15).")


class ProfileType(Answer):
    """An appointment type as patients see it."""

    key = text(required=True)
    alias = text("The name that patients see.", required=True)
    description = optional()
    info = optional()
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


class Profile(Answer):
    """What a booking page needs to know of a clinic, in one language of the clinic's."""

    clinic = text()
    name = text(required=True)
    language = text("The language of its texts.")
    contact = fields.Dict(allow_none=True)
    languages = fields.List(fields.String(), required=True)
    currency = optional()
    functions = fields.Dict(required=True, metadata={"description": "What is switched on: new, rebook, cancel."})
    texts = fields.Dict(allow_none=True)
    fields_ = fields.List(fields.Dict(), data_key="fields", metadata={"description": "The clinic's own fields (B5)."})
    details = fields.Dict(required=True)
    types = many(ProfileType)
    practitioners = many(ProfilePractitioner)


class SearchQuery(Schema):
    """For which days to search."""

    type = text("The appointment type's key.", required=True)
    practitioner = text("A practitioner's key; left out: any.")
    from_ = day("First day.", required=True, data_key="from")
    to = day("Last day, included.", required=True)


class Day(Answer):
    """How much is free on a day."""

    date = day(required=True)
    level = one_of("many", "few", "none", required=True)
    free = fields.Integer(required=True)
    holiday = optional("The public holiday's name.")


class Days(Answer):
    """Days in order."""

    days = many(Day)


class Slot(Answer):
    """A time that can be booked."""

    start = moment(required=True)
    end = moment(required=True)
    practitioners = fields.List(fields.String(), required=True)


class Slots(Answer):
    """Times in order."""

    slots = many(Slot)


class HoldBody(Schema):
    """Which time to hold."""

    type = text(required=True)
    practitioner = optional("Left out: any that is free.")
    start = moment(required=True)


class Hold(Answer):
    """A time held while the form is filled in (B12)."""

    hold = text(required=True)
    practitioner = text(required=True)
    start = moment(required=True)
    end = moment(required=True)
    expires = moment(required=True)


class PatientDetails(Schema):
    """What a patient says of themselves (B3)."""

    national_id = optional()
    birth_date = day(allow_none=True)
    first_name = optional()
    last_name = optional()
    mobile = optional()
    email = optional()
    sms_ok = fields.Boolean(allow_none=True)
    email_ok = fields.Boolean(allow_none=True)


class BookingBody(HoldBody):
    """A new booking by a patient."""

    hold = optional("The hold from before.")
    patient = fields.Nested(PatientDetails, required=True)
    message = optional()
    answers = fields.Dict(allow_none=True, metadata={"description": "Answers to the clinic's own fields, by key."})
    language = optional("The language of messages: en sv nb da fr fa.")


class Booked(Answer):
    """What a new booking answers."""

    reference = text(required=True)
    status = one_of("booked", required=True)
    type = text(required=True)
    practitioner = text(required=True)
    start = moment(required=True)
    end = moment(required=True)
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
    version = fields.Integer()


class PatientNames(Answer):
    """All that a personal link shows of the patient."""

    first_name = optional()
    last_name = optional()


class OwnBooking(BookingCore):
    """A booking as its patient sees it."""

    clinic = text()
    patient = fields.Nested(PatientNames)
    may = fields.Nested(Permissions)


class BookingPatient(PatientNames):
    """The patient of a booking as staff see it; `id` is null until the patient's record is made or found."""

    id = optional()
    mobile = optional()
    email = optional()


class Booking(BookingCore):
    """A booking as staff see it."""

    patient = fields.Nested(BookingPatient)


class MoveQuery(Schema):
    """For which days to search."""

    from_ = day("First day.", required=True, data_key="from")
    to = day("Last day, included.", required=True)


class MoveBody(Schema):
    """The new time."""

    start = moment(required=True)


class CancelBody(Schema):
    """Why, if they say."""

    comment = optional()


class LoginBody(Schema):
    """Who logs in."""

    email = text(required=True)
    password = text(required=True)
    code = optional("The authenticator's code, where two-step login is on.")


class Login(Answer):
    """A new staff session."""

    token = text("For `Authorization: Bearer`; lasts twelve hours from last use.", required=True)
    role = one_of("administrator", "therapist", required=True)
    clinics = fields.List(
        fields.String(), required=True, allow_none=True, metadata={"description": "null: all of the installation."}
    )


class SessionRow(Answer):
    """A session of the account."""

    id = text(required=True)
    created_at = moment(required=True)
    last_used_at = moment(required=True)
    current = fields.Boolean(required=True)


class Sessions(Answer):
    """The account and its sessions."""

    email = text(required=True)
    role = text(required=True)
    clinics = fields.List(fields.String(), required=True, allow_none=True)
    sessions = many(SessionRow)


class SessionChoice(Schema):
    """Which sessions to end."""

    session = text("A session's id, or `all`; left out: this one.")


class ClinicDocument(Answer):
    """A clinic's whole set-up (CONTRACTS 1); availability checks all of its keys."""

    clinic = text(required=True)
    name = text(required=True)
    time_zone = text(required=True)
    practitioners = fields.List(fields.Dict(), required=True)
    types = fields.List(fields.Dict(), required=True)


class DocumentError(Answer):
    """A mistake in a document and where it stands."""

    path = text(required=True)
    message = text(required=True)


class DocumentChange(Answer):
    """A difference to the document in force."""

    path = text(required=True)
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class DocumentCheck(Answer):
    """What applying the document would find and change."""

    errors = many(DocumentError)
    changes = many(DocumentChange)


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


class StaffMoveBody(Schema):
    """What changes; `version` is the one that was read."""

    start = moment(allow_none=True)
    practitioner = optional()
    type = optional()
    minutes = fields.Integer(allow_none=True)
    version = fields.Integer(allow_none=True)
    outside_plan = fields.Boolean(allow_none=True)


class SmsReminderBody(Schema):
    """Whether this appointment's SMS reminder goes out (N3)."""

    on = fields.Boolean(required=True)


class HistoryEntry(Answer):
    """One event of a booking (A1)."""

    at = moment(required=True)
    type = text("The event's.", required=True)
    actor = fields.Raw(required=True)
    source = optional()
    changes = fields.Dict(metadata={"description": "By field: [before, after]."})
    version = fields.Integer(allow_none=True)


class History(Answer):
    """A page of a booking's history."""

    history = many(HistoryEntry)
    next = optional(required=True)


class Link(Answer):
    """A link to the booking page with choices made: a practitioner's type, or week template."""

    practitioner = text(required=True)
    kind = one_of("type", "template", required=True)
    key = text("The type's, the template's.", required=True)
    name = text("The clinic's own name of it.", required=True)
    url = text(required=True)
    snippet = text("HTML that shows the page inside a site.", required=True)


class Links(Answer):
    """Links for the clinic's own site, by practitioner."""

    links = many(Link)


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


class WatchListRow(Answer):
    """A patient who cancelled (M5)."""

    id = text(required=True)
    at = moment()
    comment = optional()
    booking = fields.Nested(Booking)


class WatchList(Answer):
    """A page of the watch list."""

    watch_list = many(WatchListRow)
    next = optional(required=True)


class PatientsQuery(PageOfList):
    """Whom to find."""

    q = text("A part of the name, a telephone number, an email address or an identity number.")


class Patient(Answer):
    """A patient of the clinic."""

    id = text(required=True)
    first_name = optional()
    last_name = optional()
    mobile = optional()
    email = optional()
    sms_ok = fields.Boolean(allow_none=True)
    email_ok = fields.Boolean(allow_none=True)
    sms_reminder = fields.Boolean(allow_none=True)


class Patients(Answer):
    """A page of patients."""

    patients = many(Patient)
    next = optional(required=True)


class PatientBody(Schema):
    """What changes; empty text clears mobile or email; `version` is the one that was read."""

    first_name = optional()
    last_name = optional()
    mobile = optional()
    email = optional()
    birth_date = day(allow_none=True)
    sms_ok = fields.Boolean()
    email_ok = fields.Boolean()
    sms_reminder = fields.Boolean()
    version = fields.Integer()


class MessagesQuery(PageOfList):
    """Which messages."""

    booking = text("A booking's reference.")
    state = one_of("planned", "sent", "delivered", "failed", "withdrawn")


class Message(Answer):
    """An SMS or email to a patient or practitioner."""

    id = text(required=True)
    channel = one_of("sms", "email", required=True)
    event = text(required=True)
    to = optional()
    state = one_of("planned", "sent", "delivered", "failed", "withdrawn", required=True)
    subject = optional()
    text = optional()
    booking = optional()
    at = moment(allow_none=True)


class Messages(Answer):
    """A page of messages."""

    messages = many(Message)
    next = optional(required=True)


class Attachment(Answer):
    """A file that goes with a message."""

    name = text(required=True)
    type = text(required=True)
    content = text(required=True)


class WholeMessage(Message):
    """One message with its attachments."""

    attachments = many(Attachment)


class Alive(Answer):
    """The process answers."""

    status = one_of("ok", required=True)


class Readiness(Answer):
    """Whether everything that is needed answers."""

    status = one_of("ready", "starting", required=True)
    services = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)
    demo = optional("loading, loaded, or null where no demo was asked for.")

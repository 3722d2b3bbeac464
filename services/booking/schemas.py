"""What callers may send to booking."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.model.bookings import BOOKED, CANCELLED, DONE, MISSED
from services.booking.model.recalls import CHANNELS
from services.booking.model.requests import (
    BookingQuery,
    BookingRequest,
    CardsRequest,
    ChangeRequest,
    HoldRequest,
    IssueRequest,
    NeedSearch,
    PatientDetails,
    RecallRequest,
    Stretch,
    TypedCode,
)
from shared.incoming import checked, flag, page_limit, printable
from shared.language import LANGUAGES
from shared.weeks import sunday_of

LONGEST_MESSAGE = 2000
LONGEST_COMMENT = 1000
MOST_DAYS_OF_SLOTS = 31
MOST_MINUTES = 24 * 60
_YEARS = (2000, 2200)


def _text(longest: int, **options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=longest), printable], **options)


def _key(**options: Any) -> fields.String:
    return _text(64, **options)


def _reasonable_year(moment: datetime | date) -> None:
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise ValidationError("This is too far away.")


def _moment(**options: Any) -> fields.AwareDateTime:
    wording = "Give a moment with its offset: 2026-12-01T14:00:00+01:00."
    messages: dict[str, Any] = {"invalid": wording, "invalid_awareness": wording}
    return fields.AwareDateTime(format="iso", validate=_reasonable_year, error_messages=messages, **options)


def _minutes() -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(min=1, max=MOST_MINUTES))


def _id(otherwise: str, **options: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"[0-9a-f]{32}\Z", error=otherwise), **options)


class HoldSchema(Schema):
    """A time to hold."""

    type = _key(required=True)
    practitioner = _key()
    start = _moment(required=True)
    need = _id("This is no need.")


class PatientSchema(Schema):
    """Who the appointment is for, as typed; what of it is needed is the clinic's choice."""

    national_id = _text(40)
    birth_date = fields.Date()
    first_name = _text(1000)  # a name's own limit is a rule of `details`, with a better sentence
    last_name = _text(1000)
    mobile = _text(100)
    email = _text(320)
    sms_ok = flag()
    email_ok = flag()


class StaffPatientSchema(PatientSchema):
    """As staff give it: by id, or as typed."""

    id = _id("This is no patient's id.")


class BookingSchema(Schema):
    """A booking as patients make it."""

    type = _key(required=True)
    practitioner = _key()
    start = _moment(required=True)
    hold = fields.String(validate=validate.Regexp(r"[A-Za-z0-9_-]{1,32}\Z", error="This is no hold."))
    need = _id("This is no need.")
    patient = fields.Nested(PatientSchema, required=True)
    message = _text(LONGEST_MESSAGE)
    answers = fields.Dict(keys=_key(), load_default=dict)
    language = fields.String(validate=validate.OneOf(LANGUAGES))


class StaffBookingSchema(BookingSchema):
    """A booking as staff make it."""

    patient = fields.Nested(StaffPatientSchema, required=True)
    minutes = _minutes()
    outside_plan = flag()


def _send() -> fields.List[Any]:
    known = fields.String(validate=validate.OneOf(CHANNELS))
    return fields.List(known, required=True, validate=validate.Length(min=1, max=len(CHANNELS)))


def _week(**options: Any) -> fields.String:
    return fields.String(validate=_is_week, **options)


def _is_week(text: str) -> None:
    try:
        year = sunday_of(text).year
    except ValueError:
        raise ValidationError("Give an ISO week: 2026-W49.") from None
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise ValidationError("This is too far away.")


class RecallSchema(Schema):
    """A time that staff book to call a patient in."""

    patient = _id("This is no patient's id.", required=True)
    type = _key(required=True)
    practitioner = _key(required=True)
    start = _moment(required=True)
    send = _send()
    minutes = _minutes()
    outside_plan = flag()


class IssueSchema(Schema):
    """Which recalls to send, by what."""

    week = _week()
    need = _id("This is no need.")
    reference = _key()
    send = _send()

    @validates_schema
    def one_of_three(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse to guess what is meant."""
        if len(data.keys() & {"week", "need", "reference"}) != 1:
            raise ValidationError("Name a week, a need or a booking's reference, and one of them only.", "week")


class CardsSchema(Schema):
    """Which cards to print."""

    week = _week()
    id = _key()

    @validates_schema
    def one_of_two(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse to guess what is meant."""
        if len(data) != 1:
            raise ValidationError("Name a week, or one recall.", "week")


class OpenRecallSchema(Schema):
    """A recall's code with what shows whose it is."""

    national_id = _text(40)
    birth_date = fields.Date()
    code = fields.String(required=True, validate=[validate.Length(min=1, max=40), printable])

    @validates_schema
    def whose_it_is(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a code that comes alone."""
        if not data.get("national_id", "").strip() and "birth_date" not in data:
            raise ValidationError("Give the national identity number, or the birth date.", "national_id")


class MoveSchema(Schema):
    """A patient's move."""

    start = _moment(required=True)


class ChangeSchema(Schema):
    """A change by staff."""

    start = _moment()
    practitioner = _key()
    type = _key()
    minutes = _minutes()
    version = fields.Integer(strict=True)
    outside_plan = flag()


class CancelSchema(Schema):
    """A cancellation."""

    comment = _text(LONGEST_COMMENT)


class SmsReminderSchema(Schema):
    """Whether an appointment is reminded of by SMS."""

    on = flag(required=True)


class _DaysSchema(Schema):
    """Local dates, both included."""

    first = fields.Date(data_key="from", validate=_reasonable_year)
    last = fields.Date(data_key="to", validate=_reasonable_year)

    @validates_schema
    def in_order(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a range that ends before it begins."""
        if "first" in data and "last" in data and data["last"] < data["first"]:
            raise ValidationError("This is before the first day.", "to")


class MoveDaysSchema(_DaysSchema):
    """The days for which times to move to are wanted."""

    first = fields.Date(data_key="from", required=True, validate=_reasonable_year)
    last = fields.Date(data_key="to", required=True, validate=_reasonable_year)

    @validates_schema
    def not_too_many(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse more days than an answer may hold."""
        if "first" in data and "last" in data and (data["last"] - data["first"]).days >= MOST_DAYS_OF_SLOTS:
            raise ValidationError(f"Ask for at most {MOST_DAYS_OF_SLOTS} days at once.", "to")


class _NeedSearchSchema(_DaysSchema):
    """Dates, both included, for which somebody looks who books with a need."""

    most_days = 0

    type = _key(required=True)
    practitioner = _key()
    need = _id("This is no need.")
    first = fields.Date(data_key="from", required=True, validate=_reasonable_year)
    last = fields.Date(data_key="to", required=True, validate=_reasonable_year)

    @validates_schema
    def not_too_many(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse more days than an answer may hold."""
        if "first" in data and "last" in data and (data["last"] - data["first"]).days >= self.most_days:
            raise ValidationError(f"Ask for at most {self.most_days} days at once.", "to")


class NeedDaysSchema(_NeedSearchSchema):
    """A search for days."""

    most_days = 92


class NeedSlotsSchema(_NeedSearchSchema):
    """A search for times."""

    most_days = MOST_DAYS_OF_SLOTS


class PageSchema(Schema):
    """A page of a list."""

    limit = page_limit()
    cursor = _text(200, load_default=None)


class HistoryPageSchema(Schema):
    """A page of a history; its cursor is the last position shown."""

    limit = page_limit()
    cursor = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))


class FindSchema(_DaysSchema, PageSchema):
    """A search for bookings."""

    practitioner = _key()
    status = fields.String(validate=validate.OneOf([BOOKED, CANCELLED, MISSED, DONE]))
    patient = _key()


class CollisionsSchema(Schema):
    """A stretch of time of a practitioner, of a resource, or of the whole clinic."""

    practitioner = _key(load_default=None)
    resource = _key(load_default=None)
    start = _moment(data_key="from", required=True)
    end = _moment(data_key="to", required=True)


def hold_request(sent: Mapping[str, Any]) -> HoldRequest:
    """Read a hold; raise Invalid."""
    return HoldRequest(**_utc(checked(HoldSchema(), sent)))


def booking_request(sent: Mapping[str, Any], *, by_staff: bool) -> BookingRequest:
    """Read a booking; raise Invalid."""
    read = _utc(checked(StaffBookingSchema() if by_staff else BookingSchema(), sent))
    return BookingRequest(**{**read, "patient": PatientDetails(**read["patient"])})


def move_request(sent: Mapping[str, Any]) -> ChangeRequest:
    """Read a patient's move; raise Invalid."""
    return ChangeRequest(**_utc(checked(MoveSchema(), sent)))


def change_request(sent: Mapping[str, Any]) -> ChangeRequest:
    """Read a change by staff; raise Invalid."""
    return ChangeRequest(**_utc(checked(ChangeSchema(), sent)))


def cancel_comment(sent: Mapping[str, Any]) -> str | None:
    """Read a cancellation's comment; raise Invalid."""
    comment = checked(CancelSchema(), sent).get("comment", "").strip()
    return comment or None


def sms_reminder(sent: Mapping[str, Any]) -> bool:
    """Read whether the SMS reminder is to be on; raise Invalid."""
    return bool(checked(SmsReminderSchema(), sent)["on"])


def booking_query(sent: Mapping[str, Any]) -> BookingQuery:
    """Read a search for bookings; raise Invalid."""
    return BookingQuery(**checked(FindSchema(), sent))


def move_days(sent: Mapping[str, Any]) -> tuple[date, date]:
    """Read the first and last day of a search for times to move to; raise Invalid."""
    read = checked(MoveDaysSchema(), sent)
    return read["first"], read["last"]


def need_days(sent: Mapping[str, Any]) -> NeedSearch:
    """Read a search for days by who books with a need; raise Invalid."""
    return NeedSearch(**checked(NeedDaysSchema(), sent))


def need_slots(sent: Mapping[str, Any]) -> NeedSearch:
    """Read a search for times by who books with a need; raise Invalid."""
    return NeedSearch(**checked(NeedSlotsSchema(), sent))


def recall_request(sent: Mapping[str, Any]) -> RecallRequest:
    """Read a recall to book; raise Invalid."""
    read = _utc(checked(RecallSchema(), sent))
    patient, send = PatientDetails(id=read.pop("patient")), tuple(read.pop("send"))
    return RecallRequest(BookingRequest(patient=patient, **read), send)


def issue_request(sent: Mapping[str, Any]) -> IssueRequest:
    """Read which recalls to send; raise Invalid."""
    read = checked(IssueSchema(), sent)
    return IssueRequest(**{**read, "send": tuple(read["send"])})


def cards_request(sent: Mapping[str, Any]) -> CardsRequest:
    """Read which cards to print; raise Invalid."""
    return CardsRequest(**checked(CardsSchema(), sent))


def typed_code(sent: Mapping[str, Any]) -> TypedCode:
    """Read a recall's code and whose it is; raise Invalid."""
    return TypedCode(**checked(OpenRecallSchema(), sent))


def page(sent: Mapping[str, Any]) -> tuple[int, str | None]:
    """Read a page's limit and cursor; raise Invalid."""
    read = checked(PageSchema(), sent)
    return read["limit"], read["cursor"]


def history_page(sent: Mapping[str, Any]) -> tuple[int, int]:
    """Read a page's limit and the position that it follows; raise Invalid."""
    read = checked(HistoryPageSchema(), sent)
    return read["limit"], read["cursor"]


def stretch(sent: Mapping[str, Any]) -> Stretch:
    """Read whose time, from when to when; raise Invalid."""
    return Stretch(**checked(CollisionsSchema(), sent))


def _utc(read: dict[str, Any]) -> dict[str, Any]:
    return {**read, "start": read["start"].astimezone(UTC)} if "start" in read else read

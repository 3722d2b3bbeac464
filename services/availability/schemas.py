"""What callers may send to availability; the document and absences are read by `document`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.availability.model.asked_next import AskedNext
from services.availability.model.asked_preview import AskedPreview
from shared.clinic.starts.asked import AskedDates, AskedStart, Moving
from shared.contracts.availability import MOST_DAYS_OF_CALENDAR, MOST_DAYS_OF_LEVELS, MOST_DAYS_OF_SLOTS
from shared.incoming.fields import asked_for, checked, flag, minutes_of_length, page_limit

_DAY = timedelta(days=1)
_DATES = validate.Range(date(1900, 1, 1), date(2999, 12, 31), error="Enter a date from 1900 to 2999.")
_MOMENTS = validate.Range(
    datetime(1900, 1, 2, tzinfo=UTC),
    datetime(2999, 12, 30, tzinfo=UTC),
    error="Enter a date and time from 1900 to 2999.",
)


def _date(key: str | None = None, **options: Any) -> fields.Date:
    return fields.Date(
        data_key=key, validate=_DATES, error_messages={"invalid": "Enter a date: 2026-12-01."}, **options
    )


def _moment(**options: Any) -> fields.AwareDateTime:
    wording = "Enter a date and time with its offset: 2026-12-01T14:00:00+01:00."
    messages: dict[str, Any] = {"invalid": wording, "invalid_awareness": wording}
    return fields.AwareDateTime(validate=_MOMENTS, error_messages=messages, **options)


class MovingSchema(Schema):
    """The booking whose time is to be moved, as booking tells of it."""

    class Meta:
        unknown = "exclude"

    reference = fields.String(required=True)
    practitioner = fields.String(load_default=None)
    minutes = minutes_of_length(required=True)
    start = _moment(required=True)
    present_on = _date("horizon_floor", required=True)

    @post_load
    def _as_value(self, data: Mapping[str, Any], **_: Any) -> Moving:
        return Moving(**{**data, "start": data["start"].astimezone(UTC)})


class _Dates(Schema):
    """Dates from–to, both included, perhaps of one practitioner."""

    most_days = 0

    practitioner = fields.String(load_default=None)
    first = _date("from", required=True)
    last = _date("to", required=True)

    @validates_schema
    def _check_range(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["last"] < data["first"]:
            raise ValidationError("Enter the same date as from, or a later one.", "to")
        if data["last"] - data["first"] >= self.most_days * _DAY:
            raise ValidationError(f"Ask for at most {self.most_days} days at once.", "to")


class ScheduleSchema(_Dates):
    """What `schedule` takes."""

    most_days = MOST_DAYS_OF_CALENDAR


class _Search(_Dates):
    """A type besides; `minutes` from services and staff only.

    Who is `known`, and of whom nothing is said, is shown everything.
    """

    type = fields.String(required=True)
    minutes = minutes_of_length(load_default=None)
    patient = asked_for(load_default=None)
    without_need = flag(load_default=False)


class DaysSchema(_Search):
    """What `days` takes."""

    most_days = MOST_DAYS_OF_LEVELS


class SlotsSchema(_Search):
    """What `slots` takes; `moving` from services and staff only."""

    most_days = MOST_DAYS_OF_SLOTS

    moving = fields.Nested(MovingSchema, load_default=None)


class FreeSlotsSchema(_Dates):
    """What `free_slots` takes: `moving` is the reference of a booking whose own time counts as free."""

    most_days = MOST_DAYS_OF_SLOTS

    type = fields.String(required=True)
    minutes = minutes_of_length(load_default=None)
    moving = fields.String(load_default=None, validate=validate.Regexp(r"[0-9A-Za-z]{1,32}\Z"))


class PreviewSchema(_Dates):
    """What `preview_document` takes besides the document."""

    most_days = MOST_DAYS_OF_SLOTS

    type = fields.String(load_default=None)
    present = flag(load_default=False)
    bookings = flag(load_default=True)
    as_if_on = flag(load_default=False)
    one = flag(load_default=False)


class NextFreeSchema(Schema):
    """What `next_free` takes: so many `days` that have times, from a date on; nobody named: with anybody."""

    type = fields.String(required=True)
    minutes = minutes_of_length(load_default=None)
    practitioners = fields.List(fields.String(), load_default=(), validate=validate.Length(max=200))
    first = _date("from", required=True)
    days = fields.Integer(load_default=3, strict=True, validate=validate.Range(1, 7))
    part = fields.String(load_default=None, validate=validate.OneOf(("morning", "afternoon")))


class CheckSlotSchema(Schema):
    """What `check_slot` takes; all but the first three from services and staff only."""

    type = fields.String(required=True)
    practitioner = fields.String(load_default=None)
    start = _moment(required=True)
    purpose = fields.String(load_default="new", validate=validate.OneOf(("new", "move")))
    minutes = minutes_of_length(load_default=None)
    staff = flag(load_default=False)
    outside_plan = flag(load_default=False)
    without_need = flag(load_default=False)
    moving = fields.Nested(MovingSchema, load_default=None)

    @validates_schema
    def _check_purpose(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["purpose"] == "move" and not data["staff"] and data["moving"] is None:
            raise ValidationError("Say which booking is to be moved.", "moving")


_DAYS, _SLOTS, _FREE_SLOTS, _NEXT_FREE = DaysSchema(), SlotsSchema(), FreeSlotsSchema(), NextFreeSchema()
"""Made once: to make a schema takes three times as long as to read a search by it."""


def asked_days(sent: Mapping[str, Any]) -> AskedDates:
    """Read what `days` takes."""
    return _asked(_DAYS, sent)


def asked_slots(sent: Mapping[str, Any]) -> AskedDates:
    """Read what `slots` takes."""
    return _asked(_SLOTS, sent)


def asked_free_slots(sent: Mapping[str, Any]) -> tuple[AskedDates, str | None]:
    """Read what `free_slots` takes: the dates, and which booking is to be moved."""
    read = checked(_FREE_SLOTS, sent)
    moving = read.pop("moving")
    return AskedDates(**read), moving


def asked_next(sent: Mapping[str, Any]) -> AskedNext:
    """Read what `next_free` takes."""
    return AskedNext(**checked(_NEXT_FREE, sent))


def asked_preview(sent: Mapping[str, Any]) -> AskedPreview:
    """Read what `preview_document` takes besides the document."""
    return AskedPreview(**checked(PreviewSchema(), sent))


def _asked(schema: Schema, sent: Mapping[str, Any]) -> AskedDates:
    read = checked(schema, sent)
    return AskedDates(as_new_patient=read.pop("patient") == "new", **read)


def asked_start(sent: Mapping[str, Any]) -> AskedStart:
    """Read what `check_slot` takes."""
    fields = checked(CheckSlotSchema(), sent)
    del fields["purpose"]  # a move says itself which booking it moves
    return AskedStart(**fields)


class ProfileSchema(Schema):
    """What `profile` takes."""

    template = fields.String(load_default=None)
    language = fields.String(load_default=None)


class ApplySchema(Schema):
    """The revision that the document was edited from, if the caller minds; the document itself is not read here."""

    if_revision = fields.Integer(load_default=None, strict=True, validate=validate.Range(0, 2**31 - 1))


class PictureSchema(Schema):
    """A picture's file, in Base64; what is in it is for whoever draws it anew."""

    content = fields.String(required=True)


class PagingSchema(Schema):
    """Which page of a list."""

    limit = page_limit()
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"[^\x00]{1,200}\Z"))


_MOST_REVISIONS = validate.Range(0, 2**31 - 2)


class HistorySchema(PagingSchema):
    """A page of the history, perhaps only what came after a revision."""

    since = fields.Integer(load_default=0, strict=True, validate=_MOST_REVISIONS)


class RevisionSchema(Schema):
    """Which entry of the history."""

    revision = fields.Integer(required=True, strict=True, validate=_MOST_REVISIONS)


class MergeSchema(Schema):
    """In view of which revision a document was written; the document itself is not read here."""

    since = fields.Integer(required=True, strict=True, validate=_MOST_REVISIONS)


class FormerPictureSchema(Schema):
    """Which of the pictures that a name has had."""

    hash = fields.String(required=True, validate=validate.Regexp(r"[0-9a-zA-Z]{1,16}\Z"))


class AbsencesSchema(PagingSchema):
    """A page of the absences that touch dates from–to."""

    first = _date("from", load_default=None)
    last = _date("to", load_default=None)
    practitioner = fields.String(load_default=None)
    resource = fields.String(load_default=None)

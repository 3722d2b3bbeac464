"""What callers may send to list bookings and to look for times."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.model.bookings import BOOKED, CANCELLED, DONE, MISSED
from services.booking.model.requests import (
    BookingQuery,
    CalendarQuery,
    CollisionSearch,
    ExportQuery,
    FeedQuery,
    NeedSearch,
    Stretch,
    WatchListQuery,
)
from services.booking.schemas.fields import (
    DaysSchema,
    a_key,
    a_moment,
    a_text,
)
from shared.contracts.availability import (
    MOST_DAYS_OF_CALENDAR,
    MOST_DAYS_OF_FEED,
    MOST_DAYS_OF_LEVELS,
    MOST_DAYS_OF_SLOTS,
)
from shared.incoming.fields import MOST_IN_A_LIST, an_id, asked_for, checked, flag, page_limit, reasonable_year
from shared.incoming.paging import Paging

MOST_STRETCHES = 200
"""So many stretches of time are looked at in one call."""


class _LimitedDaysSchema(DaysSchema):
    """Dates that must be given, and at most `most_days` of them."""

    most_days = MOST_DAYS_OF_SLOTS

    first = fields.Date(data_key="from", required=True, validate=reasonable_year)
    last = fields.Date(data_key="to", required=True, validate=reasonable_year)

    @validates_schema
    def not_too_many(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse more days than an answer may hold."""
        if "first" in data and "last" in data and (data["last"] - data["first"]).days >= self.most_days:
            raise ValidationError(f"Ask for at most {self.most_days} days at once.", "to")


class MoveDaysSchema(_LimitedDaysSchema):
    """The days for which times to move to are wanted."""


class CalendarSchema(_LimitedDaysSchema):
    """The dates of a calendar."""

    most_days = MOST_DAYS_OF_CALENDAR

    practitioner = a_key()


class CalendarFeedSchema(_LimitedDaysSchema):
    """The dates of one practitioner's calendar, with or without patients' names."""

    most_days = MOST_DAYS_OF_FEED

    practitioner = a_key(required=True)
    names = flag(load_default=False)


class NeedSlotsSchema(_LimitedDaysSchema):
    """A search for times by somebody who books with a need, and is thereby known."""

    type = a_key(required=True)
    practitioner = a_key()
    need = an_id("This is no need.")
    patient = asked_for()


class NeedDaysSchema(NeedSlotsSchema):
    """A search for days, as one for times."""

    most_days = MOST_DAYS_OF_LEVELS


class PageSchema(Schema):
    """A page of a list."""

    limit = page_limit()
    cursor = a_text(200, load_default=None)


class ExportSchema(Schema):
    """Whose bookings, and which page of them."""

    patient = an_id("This is no patient.", required=True)
    cursor = a_text(200, load_default=None)


class WatchListSchema(PageSchema):
    """A page of the watch list."""

    done = fields.Boolean(load_default=False, truthy={True, "true"}, falsy={False, "false"})  # words come by HTTP


class HistoryPageSchema(Schema):
    """A page of a history; its cursor is the last position shown."""

    limit = page_limit()
    cursor = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))


class VerifySchema(Schema):
    """From where on a clinic's histories are looked at."""

    cursor = a_text(40, load_default=None)


class FindSchema(DaysSchema, PageSchema):
    """A search for bookings."""

    practitioner = a_key()
    status = fields.String(validate=validate.OneOf([BOOKED, CANCELLED, MISSED, DONE]))
    patient = a_key()
    reference = a_key()


class _TreatedSchema(Schema):
    """Whose patients are meant, and which."""

    practitioner = a_key(required=True)
    patients = fields.List(a_key(), required=True, validate=validate.Length(max=MOST_IN_A_LIST))


class _SinceSchema(Schema):
    """Which patients are meant, and since when they may have been there."""

    since = fields.AwareDateTime(format="iso", required=True)
    patients = fields.List(a_key(), required=True, validate=validate.Length(max=MOST_IN_A_LIST))


class CollisionsSchema(Schema):
    """A stretch of time of a practitioner, of a resource, or of the whole clinic."""

    practitioner = a_key(load_default=None)
    resource = a_key(load_default=None)
    start = a_moment(data_key="from", required=True)
    end = a_moment(data_key="to", required=True)


class FindCollisionsSchema(PageSchema):
    """Stretches of time, and the time zone in which the bookings found are told."""

    time_zone = fields.String(required=True)
    stretches = fields.List(
        fields.Nested(CollisionsSchema), required=True, validate=validate.Length(max=MOST_STRETCHES)
    )


def booking_query(sent: Mapping[str, Any]) -> BookingQuery:
    """Read a search for bookings; raise Invalid."""
    return BookingQuery(**checked(FindSchema(), sent))


def calendar_query(sent: Mapping[str, Any]) -> CalendarQuery:
    """Read which dates of the calendar are wanted; raise Invalid."""
    return CalendarQuery(**checked(CalendarSchema(), sent))


def export_query(sent: Mapping[str, Any]) -> ExportQuery:
    """Read of whom all is wanted that is held; raise Invalid."""
    return ExportQuery(**checked(ExportSchema(), sent))


def feed_query(sent: Mapping[str, Any]) -> FeedQuery:
    """Read whose calendar a calendar program fetches; raise Invalid."""
    return FeedQuery(**checked(CalendarFeedSchema(), sent))


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


def page(sent: Mapping[str, Any]) -> Paging:
    """Read which page is asked for; raise Invalid."""
    return Paging(**checked(PageSchema(), sent))


def watch_list_query(sent: Mapping[str, Any]) -> WatchListQuery:
    """Read which page of the watch list is asked for; raise Invalid."""
    return WatchListQuery(**checked(WatchListSchema(), sent))


def history_page(sent: Mapping[str, Any]) -> tuple[int, int]:
    """Read a page's limit and the position that it follows; raise Invalid."""
    read = checked(HistoryPageSchema(), sent)
    return read["limit"], read["cursor"]


def verified_from(sent: Mapping[str, Any]) -> str | None:
    """Read from where on histories are looked at; raise Invalid."""
    cursor: str | None = checked(VerifySchema(), sent)["cursor"]
    return cursor


def stretch(sent: Mapping[str, Any]) -> Stretch:
    """Read whose time, from when to when; raise Invalid."""
    return Stretch(**checked(CollisionsSchema(), sent))


def collision_search(sent: Mapping[str, Any]) -> CollisionSearch:
    """Read which stretches of time availability asks about; raise Invalid."""
    read = checked(FindCollisionsSchema(), sent)
    stretches = tuple(Stretch(**each) for each in read["stretches"])
    return CollisionSearch(stretches, ZoneInfo(read["time_zone"]), read["limit"], read["cursor"])


def patients_since(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return which patients are meant, and since when."""
    return checked(_SinceSchema(), sent)


def treated_patients(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return whose patients are meant, and which."""
    return checked(_TreatedSchema(), sent)

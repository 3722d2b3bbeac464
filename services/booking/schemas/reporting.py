"""What callers may send about the report on online booking."""

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.model.reporting.gathered import Gathered
from services.booking.model.reporting.periods import By, Period, ReportQuery
from services.booking.schemas.fields import DaysSchema, a_key, a_moment
from shared.contracts.booking import MOST_DAYS_OF_REPORT
from shared.incoming.fields import checked, reasonable_year
from shared.texts.language import LANGUAGES


class ReportSchema(DaysSchema):
    """Dates that must be given, by what they are told, and whose weeks and months these are."""

    first = fields.Date(data_key="from", required=True, validate=reasonable_year)
    last = fields.Date(data_key="to", required=True, validate=reasonable_year)
    by = fields.String(load_default="day", validate=validate.OneOf(get_args(By)))
    language = fields.String(load_default="en", validate=validate.OneOf(LANGUAGES))

    @validates_schema
    def not_too_many(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse more days than a report tells of."""
        if "first" in data and "last" in data and (data["last"] - data["first"]).days >= MOST_DAYS_OF_REPORT:
            raise ValidationError(f"Ask for at most {MOST_DAYS_OF_REPORT} days at once.", "to")


class _WishSchema(Schema):
    """What was wanted how often; `code` is empty of visits."""

    code = fields.String(required=True, validate=validate.Length(max=32))
    type = a_key(required=True)
    practitioner = a_key(required=True)
    weekday = fields.Integer(required=True, allow_none=True, validate=validate.Range(1, 7))
    hour = fields.Integer(required=True, allow_none=True, validate=validate.Range(0, 23))
    count = fields.Integer(required=True, validate=validate.Range(min=1))


class GatheredSchema(Schema):
    """A gateway's batch."""

    batch = fields.String(required=True, validate=validate.Length(equal=32))
    at = a_moment(required=True)
    rows = fields.List(fields.Nested(_WishSchema), required=True)


def gathered(sent: Mapping[str, Any]) -> Gathered:
    """Read what a gateway has gathered; raise Invalid."""
    return Gathered(**checked(GatheredSchema(), sent))


def report_query(sent: Mapping[str, Any]) -> ReportQuery:
    """Read which report is wanted; raise Invalid."""
    read = checked(ReportSchema(), sent)
    return ReportQuery(Period(read["first"], read["last"]), read["by"], read["language"])

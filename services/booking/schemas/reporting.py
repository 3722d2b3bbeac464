"""What callers may send about the report on online booking."""

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import ValidationError, fields, validate, validates_schema

from services.booking.model.reporting.periods import MOST_DAYS, By, Period, ReportQuery
from services.booking.schemas.fields import DaysSchema
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
        if "first" in data and "last" in data and (data["last"] - data["first"]).days >= MOST_DAYS:
            raise ValidationError(f"Ask for at most {MOST_DAYS} days at once.", "to")


def report_query(sent: Mapping[str, Any]) -> ReportQuery:
    """Read which report is wanted; raise Invalid."""
    read = checked(ReportSchema(), sent)
    return ReportQuery(Period(read["first"], read["last"]), read["by"], read["language"])

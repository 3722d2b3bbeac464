"""Fields that several shapes have, and the limits of what may be sent."""

from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.incoming import printable
from shared.weeks import sunday_of

MOST_DAYS_OF_SLOTS = 31
MOST_DAYS_OF_LEVELS = 92
MOST_MINUTES = 24 * 60
_YEARS = (2000, 2200)


def a_text(longest: int, **options: Any) -> fields.String:
    """Return a field of text over one or more lines."""
    return fields.String(validate=[validate.Length(max=longest), printable], **options)


def a_key(**options: Any) -> fields.String:
    """Return a field that holds a key of the clinic document."""
    return a_text(64, **options)


def an_id(otherwise: str, **options: Any) -> fields.String:
    """Return a field that holds an id as patient makes them; `otherwise` says what it is not."""
    return fields.String(validate=validate.Regexp(r"[0-9a-f]{32}\Z", error=otherwise), **options)


def reasonable_year(moment: datetime | date) -> None:
    """Refuse a date or moment so far away that arithmetic with it would overflow."""
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise ValidationError("This is too far away.")


def a_moment(**options: Any) -> fields.AwareDateTime:
    """Return a field that holds a moment with its offset."""
    wording = "Give a moment with its offset: 2026-12-01T14:00:00+01:00."
    messages: dict[str, Any] = {"invalid": wording, "invalid_awareness": wording}
    return fields.AwareDateTime(format="iso", validate=reasonable_year, error_messages=messages, **options)


def minutes_of_length() -> fields.Integer:
    """Return a field that holds a length in minutes, at most a day."""
    return fields.Integer(strict=True, validate=validate.Range(min=1, max=MOST_MINUTES))


def a_week(**options: Any) -> fields.String:
    """Return a field that holds an ISO week."""
    return fields.String(validate=_is_week, **options)


def _is_week(text: str) -> None:
    try:
        year = sunday_of(text).year
    except ValueError:
        raise ValidationError("Give an ISO week: 2026-W49.") from None
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise ValidationError("This is too far away.")


class DaysSchema(Schema):
    """Local dates, both included."""

    first = fields.Date(data_key="from", validate=reasonable_year)
    last = fields.Date(data_key="to", validate=reasonable_year)

    @validates_schema
    def in_order(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a range that ends before it begins."""
        if "first" in data and "last" in data and data["last"] < data["first"]:
            raise ValidationError("This is before the first day.", "to")


def in_utc(read: dict[str, Any]) -> dict[str, Any]:
    """Return what was read, its start in UTC."""
    return {**read, "start": read["start"].astimezone(UTC)} if "start" in read else read

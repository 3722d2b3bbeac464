"""Fields that several shapes have, and the limits of what may be sent."""

from datetime import UTC
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.incoming.fields import printable, reasonable_year


def a_text(longest: int, **options: Any) -> fields.String:
    """Return a field of text over one or more lines."""
    too_long = f"Enter at most {longest} characters."
    return fields.String(validate=[validate.Length(max=longest, error=too_long), printable], **options)


def a_key(**options: Any) -> fields.String:
    """Return a field that holds a key of the clinic document."""
    return a_text(64, **options)


def a_moment(**options: Any) -> fields.AwareDateTime:
    """Return a field that holds a moment with its offset."""
    wording = "Enter a date and time with its offset: 2026-12-01T14:00:00+01:00."
    messages: dict[str, Any] = {"invalid": wording, "invalid_awareness": wording}
    return fields.AwareDateTime(format="iso", validate=reasonable_year, error_messages=messages, **options)


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
    """Return what was read, its start and end in UTC."""
    return {**read, **{name: read[name].astimezone(UTC) for name in ("start", "end") if name in read}}

"""What a type says of needs: whether one is wanted, and how long one can be used (PRODUCT B9, B10)."""

from datetime import date, timedelta

from shared.clinic.document import Document, item
from shared.clinic.times.weeks import sunday_of, week_of


def is_controlled(document: Document, type: str) -> bool:
    """Tell whether only who has an open need may book a type; no type that the document lacks is controlled."""
    row = item(document, "types", type)
    return row is not None and bool(row["needs"]["controlled"])


def last_day(document: Document, type: str, week: str) -> date | None:
    """Return the last date on which a need of this type and ISO week can be used: so many days after the week (B10).

    None without a limit, and where the document no longer has the type.
    """
    row = item(document, "types", type)
    days_after = row["needs"]["days_after_week"] if row else None
    return None if days_after is None else sunday_of(week) + timedelta(days=days_after)


def has_expired(document: Document, type: str, week: str, today: date) -> bool:
    """Tell whether `today`, the clinic's date, is past the last day of a need."""
    last = last_day(document, type, week)
    return last is not None and today > last


def first_weeks(document: Document, today: date) -> dict[str, str]:
    """Return the earliest week whose needs can still be used `today`, for each type that has a limit.

    A week's Sunday plus N days is not before today just where the week is not before that of N days ago.
    """
    limits = ((row["key"], row["needs"]["days_after_week"]) for row in document["types"])
    return {key: week_of(today - timedelta(days=days)) for key, days in limits if days is not None}

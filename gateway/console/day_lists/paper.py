"""A day's bookings as a file to print or keep (PRODUCT C11, C15, C16)."""

from datetime import date, datetime
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.days import bookings_of_day
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.wording import N_
from gateway.pdf.day_lists import answered
from gateway.pdf.day_tables import answered_table
from shared.contracts.errors import Invalid, Timeout, Unavailable


def day_list(here: Here) -> Response:
    """Send the day list as a PDF: as it is, or as it was last known where nobody can be asked."""
    day = _day(here)
    rows, as_of = _rows(here, day)
    return answered(rows, here.document, day, here.language, as_of.astimezone(here.zone))


def day_table(here: Here) -> Response:
    """Send the day list as a CSV that Excel opens, of one practitioner where one is named, as known as the PDF."""
    day = _day(here)
    rows, _ = _rows(here, day, here.asked("practitioner").get("practitioner"))
    return answered_table(rows, here.document, day, here.language, marked=True)


def _day(here: Here) -> date:
    """Return the day that is asked for, today where none is; raise Invalid for what is none."""
    try:
        return date.fromisoformat(here.asked("date").get("date", here.today.isoformat()))
    except ValueError:
        raise Invalid.because("There is no such day.", errors={"date": [N_("There is no such day.")]}) from None


def _rows(here: Here, day: date, practitioner: str | None = None) -> tuple[list[dict[str, Any]], datetime]:
    name = f"day list {day}" if practitioner is None else f"day list {day} {practitioner}"
    try:
        rows = bookings_of_day(here.services.booking.find, here.clinic, day, practitioner)
    except (Unavailable, Timeout):
        known = here.remembered(name)
        if known is None:
            raise
        return known.value, known.at
    here.remember(name, rows)
    return rows, here.now


ROUTES = (Page("GET", "/day-list.pdf", day_list), Page("GET", "/day-list.csv", day_table))

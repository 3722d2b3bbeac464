"""A day's bookings as a table for spreadsheet programs (PRODUCT C11, C16).

It holds what the list on paper holds: what it takes to call somebody back, no identity number and no note on a patient.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from gateway.http.answers import attached
from gateway.http.wording import LOCALES, N_
from gateway.pdf.day_lists import Line, lines_of
from shared.identity.telephones import readable_phone
from shared.texts.csv_text import CSV, csv_text
from shared.texts.language import calendar_parts, format_number, format_time, translations

_COLUMNS = (
    N_("Date"), N_("From"), N_("Until"), N_("Practitioner"), N_("Patient"), N_("Telephone"), N_("Type"), N_("Room"),
    N_("Status"), N_("Message"), N_("Reference"),
)  # fmt: skip
_STATES = {"arrived": N_("Arrived"), "missed": N_("Missed")}
"""What is said of a booking that is no longer only booked."""


def answered_table(
    bookings: Iterable[Mapping[str, Any]], document: Mapping[str, Any], day: date, language: str, *, marked: bool
) -> Response:
    """Return the day's list as a CSV in the reader's language; `marked` for Excel (`shared/texts/csv_text.py`)."""
    rows = table_of(lines_of(bookings, document, language), document["country"], day, language)
    response = attached(Response(csv_text(rows, marked=marked), mimetype=CSV), f"{document['clinic']}-{day}.csv")
    response.headers["Content-Language"] = language
    return response


def table_of(lines: Iterable[Line], country: str, day: date, language: str) -> Iterator[Sequence[str]]:
    """Yield the names of the columns, then a row for each booking."""
    say = translations(LOCALES, language).gettext
    written = format_number("-".join(part.zfill(2) for part in calendar_parts(day, language)), language)
    yield tuple(say(name) for name in _COLUMNS)
    for line in lines:
        yield (
            written,
            format_time(line.start, language),
            format_time(line.end, language),
            line.practitioner,
            line.patient,
            readable_phone(line.phone, country) if line.phone else "",
            line.what,
            line.where,
            say(_STATES[line.status]) if line.status in _STATES else "",
            line.message,
            line.reference,
        )

"""The calendar of a clinic, for its staff (C6): what is planned, who is away, and little of each booking.

And the list of a day as a table (C11, C16).
"""

from datetime import date
from zoneinfo import ZoneInfo

from werkzeug.wrappers import Response

from gateway.access.actors import session_of
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.calendar import calendar as ask
from gateway.clients.calendar import calendar_tag
from gateway.clients.days import bookings_of_day
from gateway.clients.services import Services
from gateway.http.answers import answer, language_of, language_said
from gateway.http.request import Request
from gateway.http.wording import N_
from gateway.pdf.day_tables import answered_table
from shared.contracts.errors import Invalid
from shared.texts.csv_text import CSV

_FLAGS = {"true": True, "false": False}


def calendar(services: Services, request: Request, clinic: str) -> Response:
    """Return the calendar; whoever knows it as it is hears only that, and no service is asked."""
    language, mark = language_said(request), services.pulse.mark(clinic)
    who = session_of(request).actor(clinic, "").own_calendar
    tag = (
        None if mark is None else calendar_tag(mark, services.clock.now(), language, who, sorted(request.asked.items()))
    )
    if tag is not None and tag in request.if_none_match.as_set(include_weak=True):  # `*` knows nothing: it is asked
        response = Response(status=304)
    else:
        response = answer(ask(services, clinic, request.asked, language))
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.vary.add("Accept-Language")
    return response


def day_list(services: Services, request: Request, clinic: str) -> Response:
    """Return a day's bookings as CSV, today's where no date is named; a therapist's own (C1)."""
    document = services.documents.get(clinic).document
    today = services.clock.now().astimezone(ZoneInfo(document["time_zone"])).date()
    try:
        day = date.fromisoformat(request.asked.get("date", today.isoformat()))
    except ValueError:
        raise Invalid.because("There is no such day.", errors={"date": [N_("There is no such day.")]}) from None
    marked = _FLAGS.get(request.asked.get("bom", "true"))
    if marked is None:
        raise Invalid.because("The query is wrong.", errors={"bom": [N_("Write true or false.")]})
    rows = bookings_of_day(services.booking.find, clinic, day, request.asked.get("practitioner"))
    response = answered_table(rows, document, day, language_of(request), marked=marked)
    response.vary.add("Accept-Language")
    return response


ROUTES = (
    Operation(
        "GET", "/v1/staff/clinics/<clinic>/calendar", calendar, "Show the calendar", schemas.Calendar,
        query=schemas.CalendarQuery, refusals=("not_found", "invalid"), staff=True,
        headers={"If-None-Match": "The ETag of what is known: 304 where that is still so."},
    ),
    Operation(
        "GET", "/v1/staff/clinics/<clinic>/day-list.csv", day_list, "Fetch a day's bookings as a table",
        query=schemas.DayListQuery, refusals=("not_found", "invalid"), staff=True, media=(CSV,),
    ),
)  # fmt: skip

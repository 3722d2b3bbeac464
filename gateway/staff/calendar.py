"""The calendar of a clinic, for its staff (C6): what is planned, who is away, and little of each booking."""

from werkzeug.wrappers import Response

from gateway.access.actors import session_of
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.calendar import calendar as ask
from gateway.clients.calendar import calendar_tag
from gateway.clients.services import Services
from gateway.http.answers import answer, language_said
from gateway.http.request import Request


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


ROUTES = (
    Operation(
        "GET", "/v1/staff/clinics/<clinic>/calendar", calendar, "Show the calendar", schemas.Calendar,
        query=schemas.CalendarQuery, refusals=("not_found", "invalid"), staff=True,
        headers={"If-None-Match": "The ETag of what is known: 304 where that is still so."},
    ),
)  # fmt: skip

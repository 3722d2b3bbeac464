"""The secret addresses of practitioners' calendars, for their owners (PRODUCT C16, CONTRACTS 2a)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, language_of, no_content
from gateway.http.request import Request

_FEEDS = "/v1/staff/clinics/<clinic>/calendar-feeds"


def calendar_feeds(services: Services, request: Request, clinic: str) -> Response:
    """Return the feeds: a clinic's for its administrators, their own for therapists; none tells its address."""
    return answer(services.staff.calendar_feeds(clinic))


def add_calendar_feed(services: Services, request: Request, clinic: str) -> Response:
    """Make a feed that belongs to whoever acts, and tell its address, this once."""
    made = services.staff.add_calendar_feed(clinic, **{"language": language_of(request), **request.sent})
    token = made.pop("token")
    return answer({**made, "url": f"{services.settings.public_url}/calendar/{token}.ics"}, 201)


def remove_calendar_feed(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Revoke a feed: its address opens nothing any more."""
    services.staff.remove_calendar_feed(clinic, id)
    return no_content()


ROUTES = (
    Operation(
        "GET", _FEEDS, calendar_feeds, "List the secret addresses of calendars", schemas.CalendarFeeds,
        refusals=("not_found",), staff=True,
    ),
    Operation(
        "POST", _FEEDS, add_calendar_feed, "Make a secret address of a practitioner's calendar",
        schemas.NewCalendarFeed, 201, body=schemas.CalendarFeedBody, refusals=("not_found", "invalid"), staff=True,
        in_doubt="It may be made all the same: `GET …/calendar-feeds` lists it. Revoke what you have no address of.",
    ),
    Operation(
        "DELETE", f"{_FEEDS}/<id>", remove_calendar_feed, "Revoke a secret address of a calendar", status=204,
        refusals=("not_found",), staff=True,
    ),
)  # fmt: skip

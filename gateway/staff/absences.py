"""Leave, closures and blocked times of a clinic, for its staff (S8)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import KEY, REPEAT_WITH_KEY, Operation
from gateway.clients.neighbours import asked_with
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.request import Request

_ABSENCES = "/v1/staff/clinics/<clinic>/absences"
_FOUND = ("not_found", "invalid")


def absences(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of absences."""
    return answer(services.availability.absences(clinic, **request.asked))


def add_absence(services: Services, request: Request, clinic: str) -> Response:
    """Enter an absence and return the bookings that are in its way."""
    key = request.idempotency_key()
    add = services.availability.with_timeout(LONG_CALL_SECONDS).add_absence
    return answer(asked_with({"idempotency_key": key} if key else {}, add, clinic, **request.sent), 201)


def update_absence(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Replace an absence and return the bookings that are in its way."""
    return answer(services.availability.with_timeout(LONG_CALL_SECONDS).update_absence(clinic, id, **request.sent))


def check_absence(services: Services, request: Request, clinic: str) -> Response:
    """Return the bookings that would be in an absence's way; nothing is entered."""
    return answer(services.availability.with_timeout(LONG_CALL_SECONDS).check_absence(clinic, **request.sent))


def remove_absence(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Remove an absence."""
    services.availability.remove_absence(clinic, id)
    return no_content()


def collision_times(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Return what stands in the way of an absence, each booking with times to move it to (C12)."""
    booking = services.booking.with_timeout(LONG_CALL_SECONDS)
    return answer(booking.collision_times(clinic, absence=id, **request.asked))


def resolve_collisions(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Move what stands in the way, or let its patients choose another time (C12)."""
    booking = services.booking.with_timeout(LONG_CALL_SECONDS)
    return answer(booking.resolve_collisions(clinic, absence=id, **request.sent))


ROUTES = (
    Operation(
        "GET", _ABSENCES, absences, "List absences", schemas.Absences,
        query=schemas.AbsencesQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", _ABSENCES, add_absence, "Enter an absence", schemas.AbsenceAnswer, 201,
        body=schemas.AbsenceBody, refusals=_FOUND, staff=True, headers=KEY,
        in_doubt=f"{REPEAT_WITH_KEY} Without one as well, an absence that stands already is not entered again.",
    ),
    Operation(
        "POST", f"{_ABSENCES}/check", check_absence, "List the bookings that an absence would meet",
        schemas.Collisions, body=schemas.AbsenceCheckBody, refusals=_FOUND, staff=True,
    ),
    Operation(
        "PUT", f"{_ABSENCES}/<id>", update_absence, "Change an absence", schemas.AbsenceAnswer,
        body=schemas.AbsenceBody, refusals=_FOUND, staff=True,
    ),
    Operation(
        "DELETE", f"{_ABSENCES}/<id>", remove_absence, "Remove an absence", status=204,
        refusals=("not_found",), staff=True,
    ),
    Operation(
        "GET", f"{_ABSENCES}/<id>/collisions", collision_times, "List where the bookings in an absence's way could go",
        schemas.CollisionTimes, query=schemas.CollisionTimesQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_ABSENCES}/<id>/collisions", resolve_collisions, "Deal with the bookings in an absence's way",
        schemas.Resolutions, body=schemas.ResolveBody, refusals=_FOUND, staff=True,
        in_doubt="Some of it may be done all the same: `GET` says what still stands in the way.",
    ),
)  # fmt: skip

"""The API of patients who make themselves known: codes, logins, their own bookings and needs, recalls (B14, M2, M7)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.request import Request
from gateway.public import logins
from gateway.public.own_booking import own_booking

_CLINIC = "/v1/clinics/<clinic>"
_CLAIMING = ("not_found", "booking_off", "invalid", "invalid_national_id", "rate_limited")
_FOUND_LATE = ("no_open_need", "need_expired", "not_found", "gone")


def send_login_code(services: Services, request: Request, clinic: str) -> Response:
    """Send a code to any mobile; nothing in the answer depends on whose it is."""
    logins.send_code(services, request, clinic, request.sent)
    return Response(status=202)


def log_in_patient(services: Services, request: Request, clinic: str) -> Response:
    """Start a session; a code works once."""
    login = logins.log_in(services, request, clinic, request.sent)
    return answer({"token": login.token, "expires": login.expires.isoformat(timespec="seconds")}, 201)


def log_out_patient(services: Services, request: Request, clinic: str) -> Response:
    """End the session at once; a recall's token is none and stays good."""
    services.door.patients.end(request.bearer() or "")
    return no_content()


def my_bookings(services: Services, request: Request, clinic: str) -> Response:
    """Return bookings to come and of the last 30 days, each with what may be done with it (M7)."""
    found = services.booking.my_bookings(clinic, **request.asked)
    return answer({**found, "bookings": [own_booking(row) for row in found["bookings"]]})


def my_needs(services: Services, request: Request, clinic: str) -> Response:
    """Return the needs that can be booked (B9)."""
    return answer(services.patient.needs(clinic, **request.asked))


def my_people(services: Services, request: Request, clinic: str) -> Response:
    """Return whose mobile the login has proven, as far as the clinic has confirmed it, or whose recall it is (B22)."""
    return answer(services.patient.people(clinic), headers={"Cache-Control": "no-store"})


def open_recall(services: Services, request: Request) -> Response:
    """Return the token that a number and the code of its recall open (M2)."""
    return answer(logins.open_recall(services, request, request.sent))


ROUTES = (
    Operation(
        "POST", f"{_CLINIC}/login-codes", send_login_code,
        "Send a one-time code by SMS, whether the number is known or not", status=202,
        body=schemas.LoginCodeBody, refusals=_CLAIMING,
    ),
    Operation(
        "POST", f"{_CLINIC}/logins", log_in_patient, "Log in as a patient with a one-time code",
        schemas.PatientLogin, 201, body=schemas.PatientLoginBody, refusals=(*_CLAIMING, "wrong_login"),
    ),
    Operation(
        "DELETE", f"{_CLINIC}/logins", log_out_patient, "End the patient's session", status=204, patient="required",
    ),
    Operation(
        "GET", f"{_CLINIC}/my/bookings", my_bookings, "List one's own bookings", schemas.MyBookings,
        query=schemas.PageOfList, patient="required",
    ),
    Operation(
        "GET", f"{_CLINIC}/my/needs", my_needs, "List one's own open needs", schemas.Needs,
        query=schemas.PageOfList, patient="required",
    ),
    Operation(
        "GET", f"{_CLINIC}/my/people", my_people, "List whom one may book for without typing who they are",
        schemas.OwnPeople, patient="required",
    ),
    Operation(
        "POST", "/v1/recalls/open", open_recall, "Open a recall with its code", schemas.OpenedRecall,
        body=schemas.RecallBody,
        refusals=("invalid_national_id", "wrong_login", "rate_limited", *_FOUND_LATE),
    ),
)  # fmt: skip

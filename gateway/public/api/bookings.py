"""The API that patients and clinics' sites use: clinics, free times, holds, bookings (CONTRACTS 2)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.access.actors import has_proven
from gateway.access.rush import taking
from gateway.api import schemas
from gateway.api.operation import KEY, NO_SLOT, REPEAT_WITH_KEY, Operation
from gateway.clients.holidays import named_for
from gateway.clients.search import Kind
from gateway.clients.services import Services
from gateway.http.answers import answer, language_said, no_content, ready
from gateway.http.request import Request
from gateway.public import holding
from shared.clinic.needs import is_controlled
from shared.texts.language import choose_language

_CLINIC = "/v1/clinics/<clinic>"
_TAKING = ("booking_off", "function_off", "invalid", "login_required", "no_open_need", "need_expired")
_SEARCHING = ("not_found", "invalid", "login_required", "no_open_need", "need_expired")


def clinics(services: Services, request: Request) -> Response:
    """Return the clinics whose online booking is active."""
    found = services.availability.clinics()["clinics"]
    return answer({"clinics": [_only(each, "clinic", "name") for each in found if each["active"]]})


def clinic(services: Services, request: Request, clinic: str) -> Response:
    """Return the clinic's profile, its texts in the reader's language where the clinic has them."""
    offered = services.documents.get(clinic).document["languages"]
    language = choose_language(request.headers.get("Accept-Language"), request.args.get("lang"), offered)
    profile = services.availability.profile(clinic, **request.asked, language=language)
    return answer(profile, headers={"Content-Language": profile["language"], "Vary": "Accept-Language"})


def days(services: Services, request: Request, clinic: str) -> Response:
    """Return levels and counts by day (S15), holidays as the reader calls them (S9), else as the clinic does."""
    response = _searched(services, "days", request, clinic)
    response.data = named_for(response.data, language_said(request))
    response.vary.add("Accept-Language")
    return response


def slots(services: Services, request: Request, clinic: str) -> Response:
    """Return the times that are offered."""
    return _searched(services, "slots", request, clinic)


def hold(services: Services, request: Request, clinic: str) -> Response:
    """Hold a time for the clinic's `hold` minutes (B12)."""
    return answer(holding.hold(services, request.address, clinic, request.sent), 201)


def release(services: Services, request: Request, hold: str) -> Response:
    """Give a held time back; one that is gone already is given back as well."""
    holding.release(services, hold)
    return no_content()


def book(services: Services, request: Request, clinic: str) -> Response:
    """Book a time for a patient."""
    key = request.idempotency_key()
    fields = {**request.sent, "idempotency_key": key} if key else request.sent
    hold = request.sent.get("hold")
    entered = services.door.rush.entered(taking(clinic, hold), request.address)
    with entered, services.door.limits.booking(clinic, request.address):
        booked = services.booking.book(clinic, **fields)
    if hold:
        services.door.holds.is_over(hold)
    return answer(booked, 201)


def _searched(services: Services, kind: Kind, request: Request, clinic: str) -> Response:
    """Return free times: everybody's from the slot cache, those for a need from booking and for nobody to keep."""
    if "need" in request.asked or (has_proven(request) and _is_controlled(services, clinic, request.asked.get("type"))):
        search = services.booking.days_for_need if kind == "days" else services.booking.slots_for_need
        return answer(search(clinic, **request.asked), headers={"Cache-Control": "no-store"})
    return ready(services.search.find(services.availability, kind, clinic, request.asked))


def _is_controlled(services: Services, clinic: str, type_key: str | None) -> bool:
    """Tell whether only who has an open need may book the type (B9)."""
    document = services.documents.get(clinic).document
    return type_key is not None and is_controlled(document, type_key)


def _only(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: found[name] for name in names}


ROUTES = (
    Operation("GET", "/v1/clinics", clinics, "List the clinics that can be booked", schemas.Clinics),
    Operation(
        "GET", _CLINIC, clinic, "Tell what a booking page needs to know", schemas.Profile,
        query=schemas.ProfileQuery, refusals=("not_found", "invalid"),
    ),
    Operation(
        "GET", f"{_CLINIC}/days", days, "Tell how much is free on each day, at most 92 days", schemas.Days,
        query=schemas.SearchQuery, refusals=_SEARCHING, patient="welcome",
    ),
    Operation(
        "GET", f"{_CLINIC}/slots", slots, "List free times, of at most 31 days", schemas.Slots,
        query=schemas.SearchQuery, refusals=_SEARCHING, patient="welcome",
    ),
    Operation(
        "POST", f"{_CLINIC}/holds", hold, "Hold a time while the form is filled in", schemas.Hold, 201,
        body=schemas.HoldBody,
        refusals=("not_found", *_TAKING, "new_patients_refused", *NO_SLOT, "rate_limited", "busy"),
        patient="welcome",
    ),
    Operation("DELETE", "/v1/holds/<hold>", release, "Give a held time back", status=204),
    Operation(
        "POST", f"{_CLINIC}/bookings", book, "Book a time", schemas.Booked, 201,
        body=schemas.BookingBody,
        headers=KEY,
        in_doubt=f"{REPEAT_WITH_KEY} Without one, look in `…/my/bookings` after a login before you book again.",
        refusals=(
            "not_found", *_TAKING, "invalid_national_id", "new_patients_refused", "under_age",
            *NO_SLOT, "hold_expired", "rate_limited", "busy",
        ),
        patient="welcome",
    ),
)  # fmt: skip

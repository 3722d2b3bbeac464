"""Times that staff give patients: those that are free to them, and keeping one while they talk (S2, C7)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import NO_SLOT, Operation
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.request import Request

_CLINIC = "/v1/staff/clinics/<clinic>"
_FOUND = ("not_found", "invalid")


def free_slots(services: Services, request: Request, clinic: str) -> Response:
    """Return the times that staff may give, whatever patients are offered."""
    return answer(services.availability.free_slots(clinic, **request.asked))


def staff_hold(services: Services, request: Request, clinic: str) -> Response:
    """Hold a time for the clinic's `hold` minutes, any that nothing overlaps; given back as a patient's hold is."""
    return answer(services.booking.hold(clinic, **request.sent), 201)


ROUTES = (
    Operation(
        "GET", f"{_CLINIC}/slots", free_slots, "List the times that staff may give, of at most 31 days",
        schemas.FreeSlots, query=schemas.FreeSlotsQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/holds", staff_hold, "Hold a time while a patient is booked", schemas.Hold, 201,
        body=schemas.StaffHoldBody, refusals=(*_FOUND, "no_open_need", *NO_SLOT), staff=True,
    ),
)  # fmt: skip

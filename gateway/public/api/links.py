"""The API of the personal link: one booking, to move or to cancel (CONTRACTS 2)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import NO_SLOT, Operation
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.request import Request
from gateway.public import changing
from gateway.public.own_booking import own_booking

_MANAGE = "/v1/manage/<token>"
_LINK = ("not_found", "gone")
_LOOK = "It may be done all the same: `GET /v1/manage/{token}` says how it stands; repeat what is not done."


def manage(services: Services, request: Request, token: str) -> Response:
    """Return the booking, and what its patient may do with it."""
    opened = services.booking.open_link(token)
    return answer({**own_booking(opened["booking"]), "clinic": opened["clinic"], "may": opened["may"]})


def manage_slots(services: Services, request: Request, token: str) -> Response:
    """Return other times of the same practitioner and length (M4)."""
    return answer(services.booking.slots_for(token, **request.asked))


def manage_rebook(services: Services, request: Request, token: str) -> Response:
    """Move the booking in one step."""
    return answer(own_booking(changing.rebook(services, request.address, token, **request.sent)))


def manage_cancel(services: Services, request: Request, token: str) -> Response:
    """Cancel the booking, with the patient's comment."""
    return answer(own_booking(changing.cancel(services, token, **request.sent)))


ROUTES = (
    Operation("GET", _MANAGE, manage, "Show the booking behind a personal link", schemas.OwnBooking, refusals=_LINK),
    Operation(
        "GET", f"{_MANAGE}/slots", manage_slots, "List the times that the booking may move to", schemas.PlacesToMove,
        query=schemas.MoveQuery, refusals=(*_LINK, "invalid", "too_late", "already_cancelled", "not_changeable"),
    ),
    Operation(
        "POST", f"{_MANAGE}/rebook", manage_rebook, "Move the booking", schemas.OwnBooking, body=schemas.MoveBody,
        refusals=(
            *_LINK, "booking_off", "function_off", "invalid", *NO_SLOT,
            "too_late", "already_cancelled", "not_changeable", "changed_meanwhile", "rate_limited", "busy",
        ),
        in_doubt=_LOOK,
    ),
    Operation(
        "POST", f"{_MANAGE}/cancel", manage_cancel, "Cancel the booking", schemas.OwnBooking, body=schemas.CancelBody,
        refusals=(
            *_LINK, "booking_off", "function_off", "invalid", "too_late", "already_cancelled", "not_changeable",
            "changed_meanwhile", "rate_limited",
        ),
        in_doubt=_LOOK,
    ),
)  # fmt: skip

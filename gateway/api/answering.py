"""How one request is answered by its route's function: who acts is settled first, then the request is read."""

import logging

from werkzeug.wrappers import Response

from gateway.access.actors import Acting, act_as_patient, act_as_staff
from gateway.api.operation import Operation
from gateway.http.answers import InternalError
from gateway.http.request import Request
from gateway.http.routes import ADMITTED, Route
from shared.contracts.errors import LoginRequired, Refusal

_log = logging.getLogger(__name__)
_NOT_LOGGED_IN = "Log in first: POST …/login-codes, then …/logins, then Authorization: Bearer."


def answered(services: Acting, route: Route, request: Request) -> Response | Refusal:
    """Return what the route's function answers, or why not; nothing is raised, whatever it runs into."""
    try:
        if isinstance(route, Operation):
            _settle_actor(services, route, request)
            if request.is_announced:
                return ADMITTED
            _read(request, route)
        else:
            act_as_patient(services, request, None, None)
        return route.function(services, request, **request.path_values)
    except Refusal as refusal:
        return refusal
    except Exception:  # noqa: BLE001 - whatever went wrong, the client gets an answer
        _log.exception("request %s failed", request.id)
        return InternalError()


def _settle_actor(services: Acting, operation: Operation, request: Request) -> None:
    """Refuse who may not (401, 403) before anything that they sent is looked at (CONTRACTS 2)."""
    clinic = request.path_values.get("clinic")
    if operation.staff:
        act_as_staff(services, request, clinic, request.bearer())
        return
    proof = act_as_patient(services, request, clinic, request.bearer() if operation.patient else None)
    if operation.patient == "required" and proof is None:
        raise LoginRequired.because(_NOT_LOGGED_IN)


def _read(request: Request, operation: Operation) -> None:
    request.asked = request.query(*operation.query_names)
    if operation.body is not None and operation.reads_body:
        request.sent = request.fields(operation.body_names, operation.required_names, operation.body_values)

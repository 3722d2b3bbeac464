"""How a method becomes a route: it is answered for, so that neither a refusal nor a fault reaches the framework."""

import functools
import logging
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from werkzeug.wrappers import Response

from gateway.access.actors import Caller, public_actor
from gateway.access.door import FrontDoor
from gateway.api.operation import Operation
from gateway.http.answers import InternalError, problem, wants_page
from gateway.http.bounds import BODY_LIMIT
from gateway.http.request import Request
from gateway.http.server import HttpRoute
from shared.contracts.errors import LoginRequired, Refusal

_log = logging.getLogger(__name__)
_OPERATION = "frontdesk_operation"
_NOT_LOGGED_IN = "Log in first: POST …/login-codes, then …/logins, then Authorization: Bearer."

Method = TypeVar("Method", bound=Callable[..., Response])


class Answering(Protocol):
    """What the wrapper needs of the gateway."""

    door: FrontDoor
    caller: Caller

    def error_page(self, request: Request, refusal: Refusal) -> Response:
        """Return a refusal as a page for people."""
        ...


def route(method: str, url: str, body_limit: int = BODY_LIMIT) -> Callable[[Method], Method]:
    """Let a method answer `method url`; it may be given several times. Its calls are made by the anonymous public.

    The method takes the request and what `url` holds in angle brackets, returns a response, and may raise Refusals.
    """

    def decorate(function: Method) -> Method:
        answered = function if hasattr(function, "__wrapped__") else _answered(function, None)
        HttpRoute.decorator(method, url, body_limit)(answered)
        return answered  # type: ignore[return-value]  # the wrapper takes what the method takes

    return decorate


def api(operation: Operation) -> Callable[[Method], Method]:
    """Let a method answer one operation of the API, as its description says."""

    def decorate(function: Method) -> Method:
        answered = _answered(function, operation)
        setattr(answered, _OPERATION, operation)
        HttpRoute.decorator(operation.method, operation.url, operation.body_limit)(answered)
        return answered  # type: ignore[return-value]

    return decorate


def refusal_page(function: Method) -> Method:
    """Let a method show the refusals of requests that no route took: `(self, request, refusal)`."""
    answered = _answered(function, None)
    HttpRoute.decorator("GET", "")(answered)
    return answered  # type: ignore[return-value]


def operations_of(service: type) -> list[tuple[str, Operation]]:
    """Return (method name, operation) of every API operation of a service class, in the order of its addresses."""
    found = [
        (name, getattr(function, _OPERATION))
        for name, function in vars_of(service).items()
        if hasattr(function, _OPERATION)
    ]
    return sorted(found, key=lambda pair: (pair[1].url, pair[1].method))


def vars_of(service: type) -> dict[str, Any]:
    """Return what a class and its bases define, the nearest definition of each name."""
    found: dict[str, Any] = {}
    for each in reversed(service.__mro__):
        found |= vars(each)
    return found


def _answered(function: Callable[..., Response], operation: Operation | None) -> Callable[..., Response]:
    """Wrap a method: who acts is settled first (401, 403), then it runs, and whatever it raises is answered."""

    @functools.wraps(function)
    def answered(self: Answering, request: Request, **path_values: Any) -> Response:
        try:
            _settle_actor(self, request, operation, path_values.get("clinic"))
            if operation is not None:
                _read(request, operation)
            return function(self, request, **path_values)
        except Refusal as refusal:
            return _refused(self, request, refusal)
        except Exception:  # noqa: BLE001 - whatever went wrong, the client gets an answer
            _log.exception("request %s failed", request.id)
            return _refused(self, request, InternalError())

    return answered


def _settle_actor(self: Answering, request: Request, operation: Operation | None, clinic: str | None) -> None:
    if operation is not None and operation.staff:
        request.session = self.door.sessions.open(request.bearer())
        self.caller.act_as(request.session.actor(clinic, f"staff {request.address}"))
        return
    patient = operation.patient if operation is not None else None
    if patient is not None:
        request.proof = self.door.proofs.of(request.bearer(), clinic)
    self.caller.act_as(public_actor(request.address, "web", request.proof))
    if patient == "required" and request.proof is None:
        raise LoginRequired.because(_NOT_LOGGED_IN)


def _read(request: Request, operation: Operation) -> None:
    request.asked = request.query(*operation.query_names)
    if operation.body is not None and operation.reads_body:
        request.sent = request.fields(operation.body_names, operation.required_names)


def _refused(self: Answering, request: Request, refusal: Refusal) -> Response:
    self.door.metrics.refused(refusal.code)
    if not wants_page(request):
        return problem(request, refusal)
    try:
        return self.error_page(request, refusal)
    except Exception:  # noqa: BLE001 - whatever the page needed may be what is broken; the problem document needs nothing
        _log.exception("request %s has no page for %s", request.id, refusal.code)
        return problem(request, refusal)

"""Whether the installation lives, is ready, and how it does, for those who operate it."""

import hmac
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
from werkzeug.wrappers import Response

from gateway.access.redis_needed import redis_needed
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.demo import LOADED, demo_state
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.app import IS_STOPPING
from gateway.http.metrics import CONTENT_TYPE
from gateway.http.proxies import is_at_this_machine
from gateway.http.request import Request
from shared.contracts.errors import LoginRequired, Refusal, Unavailable
from shared.settings import SERVICES

_PING_SECONDS = 2.0
_READY_KEY = "frontdesk:ready"
_READY_MILLISECONDS = 1000
_log = logging.getLogger(__name__)
_FOR_STAFF_ALONE = {"staff"}
"""Without these patients book all the same: their absence must not take the gateway from them (ADR 40)."""


def healthz(services: Services, request: Request) -> Response:
    """Return 200 as long as the process answers."""
    return answer({"status": "ok"})


def readyz(services: Services, request: Request) -> Response:
    """Return 200 when every service answers and the demo clinics, where asked for, are loaded; 503 before.

    Once every service has answered, those that patients do not need may be away: then it says which, and 200.
    The services are asked once a second at most: whoever can reach the gateway can ask this; and over the bus, which
    has to carry events also where they are in this process. A process at its end is not ready, whoever answers.
    """
    stopping = bool(request.environ.get(IS_STOPPING))
    answering, demo = _known_to_answer(services) or _answering(services), _demo(services)
    ready = not stopping and _is_enough(services, answering) and demo in {None, LOADED}
    status = "ready" if ready else "stopping" if stopping else "starting"
    body = {"status": status, "services": answering, "demo": demo}
    return answer(body, 200 if ready else 503, {"Cache-Control": "no-store"})


def metrics(services: Services, request: Request) -> Response:
    """Return the process's counters, to this machine, or to who has `METRICS_TOKEN`; raise LoginRequired else."""
    token = services.settings.metrics_token
    has_token = bool(token) and hmac.compare_digest((request.bearer() or "").encode(), token.encode())
    if not (has_token or is_at_this_machine(request)):
        raise LoginRequired.because("Send METRICS_TOKEN as Authorization: Bearer.")
    return Response(services.door.metrics.exposition(), content_type=CONTENT_TYPE)


def _known_to_answer(services: Services) -> dict[str, bool] | None:
    """Return who answered within the last second; None where nobody was asked, or Redis does not tell."""
    try:
        with redis_needed("What answered is"):
            found: Any = services.cache.get(_READY_KEY)
    except Unavailable:
        return None
    return None if found is None else dict(orjson.loads(found))


def _answering(services: Services) -> dict[str, bool]:
    """Ask all services side by side, and tell who answered."""
    replies = {name: _ask(getattr(services, name)) for name in SERVICES}
    answering = {name: reply is not None and _answered(reply) for name, reply in replies.items()}
    with suppress(Unavailable), redis_needed("What answered is"):
        services.cache.set(_READY_KEY, orjson.dumps(answering), px=_READY_MILLISECONDS)
    return answering


def _is_enough(services: Services, answering: Mapping[str, bool]) -> bool:
    """Tell whether those answer that are needed; all, until this process has seen all."""
    if all(answering.values()):
        services.door.was_whole.set()
        return True
    return services.door.was_whole.is_set() and all(up or name in _FOR_STAFF_ALONE for name, up in answering.items())


def _demo(services: Services) -> str | None:
    try:
        return demo_state(services)
    except Unavailable:
        _log.warning("Redis does not answer")
        return "unknown"


def _ask(service: Any) -> Any:
    try:
        return service.over_the_bus().with_timeout(_PING_SECONDS).ping.call_async()
    except Refusal:
        return None


def _answered(reply: Any) -> bool:
    try:
        reply.result()
    except Refusal:
        return False
    return True


ROUTES = (
    Operation("GET", "/healthz", healthz, "Tell that the gateway lives", schemas.Alive),
    Operation(
        "GET", "/readyz", readyz, "Tell whether everything that is needed answers", schemas.Readiness,
        also={503: schemas.Readiness},
    ),
    Operation(
        "GET", "/metrics", metrics, "Measure the gateway, for Prometheus", media=("text/plain",),
        refusals=("login_required",),
    ),
)  # fmt: skip

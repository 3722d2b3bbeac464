"""Whether the installation lives, is ready, and how it does, for those who operate it."""

import logging
from typing import Any

import redis
from werkzeug.wrappers import Response

from gateway.access.door import FrontDoor
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import answer
from gateway.http.metrics import CONTENT_TYPE
from gateway.http.request import Request
from shared.contracts.errors import Refusal
from shared.settings import SERVICES

DEMO_KEY = "frontdesk:demo"
"""`loading` while `frontdesk up` loads the demo clinics, `loaded` when it has; absent where none were asked for."""

_PING_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Health:
    """The probes."""

    cache: redis.Redis
    door: FrontDoor

    @api(Operation("GET", "/healthz", "Tell that the gateway lives", schemas.Alive))
    def healthz(self, request: Request) -> Response:
        """Return 200 as long as the process answers."""
        return answer({"status": "ok"})

    @api(
        Operation(
            "GET", "/readyz", "Tell whether everything that is needed answers", schemas.Readiness,
            also={503: schemas.Readiness},
        )
    )  # fmt: skip
    def readyz(self, request: Request) -> Response:
        """Return 200 when every service answers and the demo clinics, where asked for, are loaded; 503 before."""
        services, demo = self._answering(), self._demo()
        ready = all(services.values()) and demo in {None, "loaded"}
        body = {"status": "ready" if ready else "starting", "services": services, "demo": demo}
        return answer(body, 200 if ready else 503, {"Cache-Control": "no-store"})

    @api(Operation("GET", "/metrics", "Measure the gateway, for Prometheus", media=("text/plain",)))
    def metrics(self, request: Request) -> Response:
        """Return the process's counters."""
        return Response(self.door.metrics.exposition(), content_type=CONTENT_TYPE)

    def _answering(self) -> dict[str, bool]:
        """Ask all services side by side, and tell who answered."""
        replies = {name: _ask(getattr(self, name)) for name in SERVICES}
        return {name: reply is not None and _answered(reply) for name, reply in replies.items()}

    def _demo(self) -> str | None:
        try:
            found: Any = self.cache.get(DEMO_KEY)
        except redis.RedisError:
            _log.warning("Redis does not answer")
            return "unknown"
        return None if found is None else str(found)


def _ask(service: Any) -> Any:
    try:
        return service.with_timeout(_PING_SECONDS).ping.call_async()
    except Refusal:
        return None


def _answered(reply: Any) -> bool:
    try:
        reply.result()
    except Refusal:
        return False
    return True

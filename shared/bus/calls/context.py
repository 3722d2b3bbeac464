"""What travels with every call: who acts, and the id that ties one request's calls and events together."""

import uuid
from collections.abc import Mapping
from typing import Any

from nameko.extensions import DependencyProvider
from nameko.messaging import Consumer
from nameko.timer import Timer

from shared.actor import CONTEXT_KEY, CORRELATION_KEY, Actor, sign, verify
from shared.bus.wires.message import HEADER_PREFIX
from shared.clock import SystemClock
from shared.contracts.errors import Forbidden
from shared.settings import Settings

HOUSE = "house"
PROVEN = "proven_actor"
"""Under this a worker's context holds the `Actor` that was proven before it started; no message can bring one."""

_NOT_INHERITED = {"deadline", PROVEN}


def correlation_id(worker: Any) -> str:
    """Return the worker's correlation id; one that came with none gets its own."""
    found: str = worker.data.setdefault(CORRELATION_KEY, uuid.uuid4().hex)
    return found


def acts_by_itself(worker: Any) -> bool:
    """Tell whether nobody asked for this work, so that the service itself acts.

    So it is with events, timers, and entrypoints that say so by `starts_by_itself`. A call or an HTTP request that
    forgot to say who acts is not among them, or forgetting would make everybody a service.
    """
    own_start = isinstance(worker.entrypoint, (Consumer, Timer)) or getattr(
        worker.entrypoint, "starts_by_itself", False
    )
    return own_start and CONTEXT_KEY not in worker.data


def service_actor(service: str) -> Actor:
    """Return the service as somebody who acts."""
    return Actor(kind="service", id=service)


def proven_actor(context: Mapping[str, Any], settings: Settings) -> Actor:
    """Return who a call's context proves to act; raise Forbidden where it has no token, or one that proves nothing."""
    token = context.get(CONTEXT_KEY)
    if not isinstance(token, str):
        raise Forbidden.because("The call does not say who acts.")
    return verify(token, settings.actor_keys(), SystemClock().now())


def signed(actor: Actor, settings: Settings) -> str:
    """Return the token by which the house vouches for `actor` for a minute."""
    return sign(actor, HOUSE, settings.actor_key, SystemClock().now())


def outgoing_headers(worker: Any, *, own_name: bool = False) -> dict[str, Any]:
    """Return the headers of a call that `worker` makes: its own context, passed on as it came.

    A token that came in is never signed anew: it ends when its minute ends, however long the chain. Only where
    nobody asked for the work, or where it asks in its `own_name`, does the service sign, and for nobody but itself;
    a call without any token stays without one.
    """
    correlation_id(worker)
    context = {key: value for key, value in worker.context_data.items() if key not in _NOT_INHERITED}
    if own_name or acts_by_itself(worker):
        context[CONTEXT_KEY] = signed(service_actor(worker.service_name), worker.config["settings"])
    return {HEADER_PREFIX + key: value for key, value in context.items() if value is not None}


class WorkerActor:
    """Who acts in one worker. Proven before the method runs, or, where anybody may call, when asked for."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._verified: Actor | None = None

    def get(self) -> Actor:
        """Return the proven actor; raise Forbidden where there is no token, or one that proves nothing."""
        if self._verified is None:
            self._verified = self._verify()
        return self._verified

    def brief(self) -> dict[str, str | None]:
        """Return what events and history tell of the actor."""
        return self.get().brief()

    @property
    def correlation_id(self) -> str:
        """The id that ties this request's calls and events together."""
        return correlation_id(self._worker)

    def _verify(self) -> Actor:
        if acts_by_itself(self._worker):
            return service_actor(self._worker.service_name)
        proven = self._worker.data.get(PROVEN)
        if isinstance(proven, Actor):
            return proven
        return proven_actor(self._worker.data, self._worker.config["settings"])


class CurrentActor(DependencyProvider):
    """Injects `WorkerActor`."""

    def get_dependency(self, worker_ctx: Any) -> WorkerActor:
        """Return the worker's actor, not yet verified."""
        return WorkerActor(worker_ctx)

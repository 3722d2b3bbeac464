"""What travels with every call: who acts, and the id that ties one request's calls and events together."""

import uuid
from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from typing import Any

from nameko.extensions import DependencyProvider
from nameko.messaging import Consumer
from nameko.timer import Timer

from shared.actor import CONTEXT_KEY, CORRELATION_KEY, Actor, Proven, proven, sign
from shared.bus.wires.budget import BUDGET
from shared.bus.wires.message import HEADER_PREFIX
from shared.clock import SystemClock
from shared.contracts.errors import Forbidden
from shared.settings import Settings
from shared.tools import Tool

HOUSE = "house"
TOOL = "tool-"
"""What the name of a tool as a signer begins with."""
PROVEN = "proven_actor"
"""Under this a worker's context holds the `Actor` that was proven before it started; no message can bring one."""

_NOT_INHERITED = {"deadline", BUDGET, PROVEN}
"""`deadline` is a moment, by which version 0.1.0 said how long it waits."""


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
    return _proven(context, settings).actor


def admitted_actor(context: MutableMapping[str, Any], settings: Settings, method: str, clinic: object) -> Actor:
    """Return who acts in a call of `method` that names `clinic`, as `proven_actor` does.

    A tool's limits are looked at where it calls, not again in what follows from it: from here on the house vouches
    for it, for that clinic only and no longer than its own token does. Raises Forbidden beyond its limits.
    """
    token = _proven(context, settings)
    tool = settings.tools.get(token.signer.removeprefix(TOOL)) if token.signer.startswith(TOOL) else None
    if tool is None or not tool.is_limited:
        return token.actor
    tool.require(method, clinic)
    actor = _kept_to(tool, token.actor, clinic)
    now = SystemClock().now()
    context[CONTEXT_KEY] = sign(actor, HOUSE, settings.actor_key, now, token.until - now)
    return actor


def _kept_to(tool: Tool, actor: Actor, clinic: object) -> Actor:
    """Return the tool as somebody of the one clinic that its call names, which it was found to be for."""
    if tool.clinics is None or actor.clinic is not None:
        return actor
    return replace(actor, clinic=str(clinic))


def _proven(context: Mapping[str, Any], settings: Settings) -> Proven:
    token = context.get(CONTEXT_KEY)
    if not isinstance(token, str):
        raise Forbidden.because("The call does not say who acts.")
    return proven(token, settings.actor_keys(), SystemClock().now())


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
        found = self._worker.data.get(PROVEN)
        if isinstance(found, Actor):
            return found
        return proven_actor(self._worker.data, self._worker.config["settings"])


class CurrentActor(DependencyProvider):
    """Injects `WorkerActor`."""

    def get_dependency(self, worker_ctx: Any) -> WorkerActor:
        """Return the worker's actor, not yet verified."""
        return WorkerActor(worker_ctx)

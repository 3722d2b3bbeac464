"""A service's methods as the bus runs them, but without a bus."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from nameko.extensions import is_dependency

from shared.actor import Actor
from shared.bus.calls.fields import Fields
from shared.bus.calls.serving import Rpc
from shared.bus.events.consumer import EventConsumer
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event


class Acting:
    """Who acts in a worker, and in the course of which request."""

    def __init__(self, actor: Actor, correlation_id: str = "c0ffee") -> None:
        self._actor = actor
        self.correlation_id = correlation_id

    def get(self) -> Actor:
        """Return them."""
        return self._actor

    def brief(self) -> dict[str, str | None]:
        """Return what events and history tell of them."""
        return self._actor.brief()


def served(service: type[Any], **given: Any) -> Any:
    """Return a service that is given these things and no others: what it asks for besides, it finds unusable."""
    made = service()
    for name, thing in given.items():
        if not is_dependency(getattr(service, name)):
            raise TypeError(f"{service.__name__} is not given {name}")
        setattr(made, name, thing)
    return made


class Called:
    """A service in the hands of `actor`: who may call a method is settled first, then its fields, then it runs.

    Its consumers' methods take events, which have gathered, and let happen what they return. Whatever else the service
    has is there as it is.
    """

    def __init__(self, service: Any, actor: Actor) -> None:
        self.service = service
        self.actor = actor

    def __getattr__(self, name: str) -> Any:
        member, function = getattr(self.service, name), getattr(type(self.service), name, None)
        for entrypoint in getattr(function, "nameko_entrypoints", ()) if function else ():
            if isinstance(entrypoint, Rpc):
                return partial(self._call, entrypoint, Fields(function), member)
            if isinstance(entrypoint, EventConsumer) and not entrypoint.alone:
                return partial(self._hear, entrypoint.inbox_of(name), member)
        return member

    def _call(self, entrypoint: Rpc, fields: Fields, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if entrypoint.by.refuse_others is not None:
            entrypoint.by.refuse_others(self.actor, fields.clinic(args, kwargs))
        fields.require(args, kwargs)
        return method(*args, **kwargs)

    def _hear(self, inbox: str | None, method: Callable[..., Any], *events: Event) -> None:
        take_in(self.service.work, method(events), inbox, datetime.now(UTC))

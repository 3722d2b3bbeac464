"""A service's methods as the bus runs them, but without a bus."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nameko.extensions import is_dependency

from shared.actor import Actor
from shared.bus.calls.fields import Fields
from shared.bus.calls.serving import Rpc


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

    Whatever else the service has is there as it is.
    """

    def __init__(self, service: Any, actor: Actor) -> None:
        self.service = service
        self.actor = actor

    def __getattr__(self, name: str) -> Any:
        member, function = getattr(self.service, name), getattr(type(self.service), name, None)
        found = [each for each in getattr(function, "nameko_entrypoints", ()) if isinstance(each, Rpc)]
        return partial(self._call, found[0], Fields(function), member) if found and function else member

    def _call(self, entrypoint: Rpc, fields: Fields, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if entrypoint.by.refuse_others is not None:
            entrypoint.by.refuse_others(self.actor, fields.clinic(args, kwargs))
        fields.require(args, kwargs)
        return method(*args, **kwargs)

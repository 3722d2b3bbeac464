"""Services that answer what a test told them, to calls that their contracts know."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.actor import Actor
from tests.builders.contracts import require_fitting, require_known


@dataclass(frozen=True)
class Call:
    """One call that reached a service, and who made it."""

    name: str
    args: tuple[Any, ...]
    fields: dict[str, Any]
    actor: Actor


@dataclass
class FakeService:
    """Answers each method with what `answers` holds, raising exceptions and asking functions; remembers the calls.

    A call that the contract does not know raises NotInContract, which no answer can hide.
    """

    name: str
    actor: Callable[[], Actor]
    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def with_timeout(self, seconds: float) -> "FakeService":
        """Return itself."""
        return self

    def over_the_bus(self) -> "FakeService":
        """Return itself."""
        return self

    def in_own_name(self) -> "FakeService":
        """Return the same service, called by the gateway itself."""
        own = Actor(kind="service", id="gateway")
        return FakeService(self.name, lambda: own, self.answers, self.calls)

    def __getattr__(self, method: str) -> "FakeMethod":
        if method.startswith("_"):
            raise AttributeError(method)
        require_known(self.name, method)
        return FakeMethod(self, method)


@dataclass(frozen=True)
class FakeMethod:
    """A method of a fake service."""

    service: FakeService
    name: str

    def __call__(self, *args: Any, **fields: Any) -> Any:
        require_fitting(self.service.name, self.name, args, fields)
        self.service.calls.append(Call(self.name, args, fields, self.service.actor()))
        answer = self.service.answers.get(self.name)
        if isinstance(answer, Exception):
            raise answer
        return answer(*args, **fields) if callable(answer) else answer

    def call_async(self, *args: Any, **fields: Any) -> "FakeReply":
        """Return the reply to come."""
        return FakeReply(self, args, fields)


@dataclass(frozen=True)
class FakeReply:
    """An answer that is fetched when it is asked for."""

    method: FakeMethod
    args: tuple[Any, ...]
    fields: dict[str, Any]

    def result(self) -> Any:
        """Return or raise the answer."""
        return self.method(*self.args, **self.fields)

"""Calls between services of one process: no broker between them, and all else as on the wires (ADR 24)."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from shared.bus.calls.wire import decoded_answer
from shared.bus.wires.budget import Budget


class DirectRequest:
    """A request that went over no wire: to its reader a message like others, settled by its answer."""

    def __init__(
        self, method: str, body: bytes, headers: Mapping[str, Any], told: Callable[[dict[str, Any]], None]
    ) -> None:
        self.body = body
        self.headers = headers
        self.delivery_info = {"routing_key": method}
        self._told = told

    def answer(self, body: bytes) -> None:
        """Give whoever called the answer, read from JSON: both sides have objects of their own."""
        self._told(decoded_answer(body))


class Reader(Protocol):
    """Reads a service's requests."""

    @property
    def has_free_worker(self) -> bool:
        """Whether a request would begin at once."""
        ...

    def receive_directly(self, request: DirectRequest, budget: Budget) -> None:
        """Start the method that a request names, without waiting."""


class Neighbours:
    """The services of one process that take requests, by name."""

    def __init__(self) -> None:
        self._readers: dict[str, Reader] = {}

    def add(self, service: str, reader: Reader) -> None:
        """Let a service be called directly from now on."""
        self._readers[service] = reader

    def remove(self, service: str) -> None:
        """Let it be called over the bus only."""
        self._readers.pop(service, None)

    def free(self, method: str) -> Reader | None:
        """Return who begins a call of `method` (`service.method`) at once, if anybody here does.

        What has to wait for a worker waits on the bus, where others may take it, and is handed on when the process
        stops (ADR 20).
        """
        reader = self._readers.get(method.rpartition(".")[0])
        return reader if reader is not None and reader.has_free_worker else None

"""A caller's side of RPC where the bus does not move (DESIGN rule 5)."""

import gc
from collections.abc import Iterator
from typing import Any, ClassVar

import eventlet
import pytest

from shared.bus.calls.calling import Calls
from shared.contracts.errors import Timeout


@pytest.fixture
def without_collector() -> Iterator[None]:
    """Keep the garbage collector from hiding what reference counts leave behind."""
    gc.disable()
    yield
    gc.enable()


class StuckLink:
    """A connection that takes nothing."""

    def send(self, message: Any, *, mandatory: bool) -> None:
        """Wait for ever."""
        eventlet.sleep(60)


class Container:
    """What runs the caller."""

    service_name = "caller"
    config: ClassVar[dict[str, Any]] = {}


class Consumer:
    """Reads the caller's answers, of which none comes."""

    def register_provider(self, provider: Any) -> None:
        """Take note of who waits for answers."""


@pytest.mark.usefixtures("without_collector")
def test_nothing_is_remembered_of_a_call_that_the_bus_did_not_take_in_time() -> None:
    calls = Calls()
    calls.container, calls.consumer, calls.link = Container(), Consumer(), StuckLink()
    calls.setup()
    with pytest.raises(Timeout):
        calls.request("booking.ping", [], {}, {}, 0.01)
    eventlet.sleep(0)  # eventlet itself remembers its last alarm until it goes on
    assert calls.pending == 0

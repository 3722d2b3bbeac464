"""What a request is given by the server: one budget for all of its calls (ADR 18)."""

import errno
from types import SimpleNamespace
from typing import Any, NoReturn

from gateway.http.bounds import CALLS_SECONDS, REQUEST_SECONDS
from gateway.http.server import HttpEntrypoint, Server
from shared.bus.wires.budget import budget_of


def test_all_calls_of_a_request_share_one_budget_that_ends_before_its_own_time_does() -> None:
    given: list[dict[str, Any]] = []

    def spawn_worker(_entrypoint: Any, _args: Any, _kwargs: Any, *, context_data: Any, handle_result: Any) -> None:
        given.append(context_data)
        handle_result(None, "done", None)

    entrypoint: Any = HttpEntrypoint([], None)
    entrypoint.container = SimpleNamespace(spawn_worker=spawn_worker)
    assert entrypoint.dispatch(None, SimpleNamespace(id="r-1")) == "done"
    assert 0 < budget_of(given[0]).left() <= CALLS_SECONDS < REQUEST_SECONDS


def test_a_gateway_without_file_handles_closes_its_socket_and_waits_for_who_asks_all_the_same() -> None:
    def accept() -> NoReturn:
        raise OSError(errno.EMFILE, "too many open files")

    done: list[str] = []
    server: Any = Server()
    server.container = SimpleNamespace(config={"settings": SimpleNamespace(embedded=False)})
    server._sock = SimpleNamespace(fd=SimpleNamespace(accept=accept), close=lambda: done.append("closed"))
    server._serv = SimpleNamespace(keepalive=True)
    server._gt = SimpleNamespace(kill=lambda: None)
    server._connections = SimpleNamespace(end_quiet_ones=lambda *_: done.append("waited"))
    server.drain()
    assert done == ["closed", "waited"]

"""Who hears events over the socket is answered once nothing is missed any more (ADR 55)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from cli.local import server
from cli.local.server import LocalCalls
from shared.contracts.errors import Unavailable


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> LocalCalls:
    """Return the socket's calls, by somebody who may hear everything."""
    made = LocalCalls()
    made.container = SimpleNamespace(config={"settings": SimpleNamespace(amqp_uri="memory://")})
    monkeypatch.setattr(made, "_require_tool_of_all", lambda _environ: None)
    made._is_stopping = False
    return made


def test_the_answer_begins_when_the_listener_s_queue_is_there(
    calls: LocalCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def told(*_: Any, **__: Any) -> Iterator[dict[str, Any] | None]:
        done.append("queue")
        yield None
        yield {"type": "BookingCreated"}

    monkeypatch.setattr(server, "told_events", told)
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/events"}
    answer = iter(calls._answered(asked, lambda status, _headers: done.append(status)))
    lines = [next(answer)]
    done.append("first line")
    assert [*lines, *answer] == [b"\n", b'{"type":"BookingCreated"}\n']
    assert done == ["queue", "200 OK", "first line"]


def test_a_bus_that_cannot_be_listened_to_is_told_as_such(calls: LocalCalls, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(*_: Any, **__: Any) -> Iterator[None]:
        raise Unavailable.because("The message bus cannot be listened to.")
        yield

    monkeypatch.setattr(server, "told_events", told)
    said: list[str] = []
    (body,) = calls._answered(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/events"}, lambda status, _headers: said.append(status)
    )
    assert said[0].startswith("503")
    assert b"cannot be listened to" in body

"""How many workers a service has, and what happens around one of them."""

import logging
from typing import Any

import eventlet
import pytest
from eventlet.event import Event
from nameko.extensions import Entrypoint

from shared.bus.container import Container


class Service:
    """Does as it is told."""

    name = "booking"

    def do(self, what: Any) -> Any:
        """Return what comes of it."""
        return what()


class Start(Entrypoint):
    """Starts it."""

    method_name = "do"

    def __init__(self) -> None:
        super().__init__(expected_exceptions=LookupError)


def a_container(**config: Any) -> Any:
    """Return a container that was not started."""
    return Container(Service, {"max_workers": 2, **config})


def test_a_service_has_as_many_workers_as_all_or_those_that_are_its_own() -> None:
    assert a_container().max_workers == 2
    assert a_container(workers_of={"gateway": 200}).max_workers == 2
    assert a_container(workers_of={"booking": 1}).max_workers == 1


def test_a_worker_is_free_only_where_nobody_waits_for_one() -> None:
    """Who comes now would overtake who waits, and a place that has just become free is theirs."""
    container, go_on = a_container(max_workers=1), Event()
    assert container.has_free_worker
    container.spawn_worker(Start(), (go_on.wait,), {})
    assert not container.has_free_worker
    waiting = eventlet.spawn(container.spawn_worker, Start(), (lambda: None,), {})
    eventlet.sleep(0)
    go_on.send()
    while not waiting.dead:
        assert not container.has_free_worker
        eventlet.sleep(0)
    container._worker_pool.waitall()
    assert container.has_free_worker


@pytest.mark.parametrize(("error", "logged"), [(KeyError("x"), 0), (ValueError("x"), 1)])
def test_what_a_method_raises_is_told_and_logged_only_where_nobody_expects_it(
    error: Exception, logged: int, caplog: pytest.LogCaptureFixture
) -> None:
    container, told = a_container(), Event()

    def fail() -> None:
        raise error

    def handle(_worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        told.send(exc_info[1])
        return result, exc_info

    with caplog.at_level(logging.ERROR):
        container.spawn_worker(Start(), (fail,), {}, handle_result=handle)
        assert told.wait() is error
        container._worker_pool.waitall()
    assert len(caplog.records) == logged

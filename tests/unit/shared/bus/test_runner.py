"""How the services of one process are ended."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from shared.bus.runner import Serving, stop_in_turn


class Container:
    """Runs a service, and tells `stopped` when that is ended."""

    def __init__(self, service: str, stopped: Callable[[str], None]) -> None:
        self.service_name = service
        self._stopped = stopped

    def stop(self) -> None:
        """Tell it."""
        self._stopped(self.service_name)


def test_who_asks_is_stopped_before_who_answers() -> None:
    stopped: list[str] = []
    stop_in_turn([Container(name, stopped.append) for name in ("availability", "gateway", "booking")])
    assert stopped[0] == "gateway"
    assert set(stopped[1:]) == {"availability", "booking"}


def serving(stop: Callable[[], None], start: Callable[[], None] = lambda: None) -> tuple[Serving, Any]:
    """Return a run of one service, which begins by `start` and ends by `stop`, and the greenlet in which it runs."""
    container = SimpleNamespace(service_name="booking", stop=stop)
    ever: Any = eventlet.Event()
    runner: Any = SimpleNamespace(containers=[container], start=start, wait=ever.wait)
    made = Serving(lambda: runner)
    running = eventlet.spawn(made.run)
    eventlet.sleep(0)  # it prepares
    eventlet.sleep(0)  # and serves
    return made, running


def test_a_service_that_fails_as_it_stops_does_not_keep_its_process() -> None:
    def fail() -> None:
        raise OSError("the socket is gone")

    made, running = serving(fail)
    with pytest.raises(OSError, match="the socket is gone"):
        made.stop()
    with eventlet.Timeout(60.0):
        running.wait()


def test_a_second_signal_ends_nothing_that_still_runs() -> None:
    finished: Any = eventlet.Event()
    made, running = serving(finished.wait)
    first, second = eventlet.spawn(made.stop), eventlet.spawn(made.stop)
    second.wait()
    assert not running.dead
    finished.send()
    first.wait()
    with eventlet.Timeout(60.0):
        running.wait()


def test_what_still_waits_for_its_database_ends_at_once() -> None:
    stopped: list[str] = []
    ever: Any = eventlet.Event()
    made, running = serving(lambda: stopped.append("stopped"), start=ever.wait)
    made.stop()
    with eventlet.Timeout(60.0):
        running.wait()
    assert stopped == [], "nothing ran that could be finished"

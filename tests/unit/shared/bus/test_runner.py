"""How the services of one process are ended."""

from collections.abc import Callable

from shared.bus.runner import stop_in_turn


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

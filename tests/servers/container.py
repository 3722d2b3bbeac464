"""A server in a container of testcontainers, where a Docker engine answers."""

import gc
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tests.servers.ports import wait_until
from tests.servers.server import ServerMissing

START_SECONDS = 60


@cache
def engine_answers() -> bool:
    """Tell whether a Docker engine answers within two seconds."""
    with warnings.catch_warnings():
        # Where no engine answers, Docker's client leaves its socket to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        found = _ping()
        gc.collect()
    return found


def _ping() -> bool:
    import docker
    import docker.errors
    import requests

    try:
        client = docker.from_env(timeout=2)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (docker.errors.DockerException, requests.RequestException, OSError):
        return False


class OwnContainer:
    """One container whose ports are bound to the same ports of the engine's machine for its whole life.

    `ports` maps the container's to the machine's; clients use the first. `address` is the URL with `{host}` and
    `{port}` in it; `ready` tells whether the server answers at them.
    """

    def __init__(
        self,
        image: str,
        *,
        ports: Mapping[int, int],
        address: str,
        ready: Callable[[str, int], bool],
        environment: Mapping[str, str] | None = None,
        command: str | None = None,
    ) -> None:
        from testcontainers.core.container import DockerContainer

        self._port = next(iter(ports))
        self._address = address
        self._ready = ready
        self._paused = False
        self._container = DockerContainer(image, command=command, env=dict(environment or {}))
        for inside, outside in ports.items():
            self._container.with_bind_ports(inside, outside)

    @property
    def address(self) -> str:
        """The URL of the running server."""
        host, port = self._place()
        return self._address.format(host=host, port=port)

    def start(self) -> None:
        """Start the container, pulling its image where need be, and return when the server answers."""
        if self._wrapped is None:
            self._container.start()
        else:
            self._wrapped.start()
        if not wait_until(lambda: self._ready(*self._place()), START_SECONDS):
            raise ServerMissing(f"the container {self._container.image} did not answer within {START_SECONDS} s")

    def stop(self) -> None:
        """Stop the server in good order."""
        self._running.stop(timeout=30)

    def kill(self) -> None:
        """Kill the server."""
        self._running.kill()

    def restart(self) -> None:
        """Stop and start it."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze every process of the container."""
        self._running.pause()
        self._paused = True

    def resume(self) -> None:
        """Let a frozen container go on."""
        if self._paused:
            self._running.unpause()
            self._paused = False

    def run(self, *command: str) -> None:
        """Run a command inside; raise RuntimeError with what it said where it does not go well."""
        code, said = self._running.exec_run(list(command))
        if code:
            raise RuntimeError(f"{command[0]} ended with {code}: {said.decode(errors='replace')[-500:]}")

    def close(self) -> None:
        """Remove the container."""
        self._container.stop()

    def _place(self) -> tuple[str, int]:
        """Return host and port as this process reaches them: with a Docker engine elsewhere they are not our own."""
        return self._container.get_container_host_ip(), self._container.get_exposed_port(self._port)

    @property
    def _wrapped(self) -> Any:
        return self._container._container

    @property
    def _running(self) -> Any:
        if self._wrapped is None:
            raise RuntimeError(f"the container {self._container.image} was never started")
        return self._wrapped

"""What is asked of Docker for a server that tests may hurt (tests/servers/container)."""

import pytest
import testcontainers.core.container

from tests.servers.container import OwnContainer


class FakeWrapped:
    """Docker's handle on a container: notes what it is told."""

    def __init__(self, told: list[str]) -> None:
        self.told = told

    def start(self) -> None:
        self.told.append("start")

    def stop(self, *, timeout: int) -> None:
        self.told.append("stop")

    def kill(self) -> None:
        self.told.append("kill")

    def pause(self) -> None:
        self.told.append("pause")

    def unpause(self) -> None:
        self.told.append("unpause")


class FakeDockerContainer:
    """testcontainers' container, without an engine."""

    def __init__(self, image: str, **_: object) -> None:
        self.image = image
        self.told: list[str] = []
        self.bound: dict[int, int] = {}
        self._container: FakeWrapped | None = None

    def with_bind_ports(self, port: int, host: int) -> None:
        """Note the fixed port."""
        self.bound[port] = host

    def start(self) -> None:
        """Create the container."""
        self.told.append("create")
        self._container = FakeWrapped(self.told)

    def stop(self) -> None:
        """Remove the container."""
        self.told.append("remove")

    def get_container_host_ip(self) -> str:
        """Return where the engine is."""
        return "engine"

    def get_exposed_port(self, port: int) -> int:
        """Return the port outside."""
        return self.bound[port]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> OwnContainer:
    monkeypatch.setattr(testcontainers.core.container, "DockerContainer", FakeDockerContainer)
    return OwnContainer(
        "redis:7", ports={6379: 16379}, address="redis://{host}:{port}/0", ready=lambda host, port: True
    )


def test_a_container_keeps_its_address_over_a_restart(server: OwnContainer) -> None:
    server.start()
    before = server.address
    server.restart()
    assert server.address == before
    assert before == "redis://engine:16379/0"


def test_a_container_is_made_once_and_hurt_as_often_as_one_likes(server: OwnContainer) -> None:
    server.start()
    server.pause()
    server.resume()
    server.resume()
    server.kill()
    server.start()
    server.close()
    assert server._container.told == ["create", "pause", "unpause", "kill", "start", "remove"]

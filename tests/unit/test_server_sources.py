"""Where tests get their servers: one order, and a failure with a reason instead of a skip (tests/servers)."""

from dataclasses import replace

import pytest

from tests.servers import sources
from tests.servers.server import Server, ServerMissing
from tests.servers.sources import RABBITMQ, Kind, new_server


class FakeServer:
    """A server that only knows where it came from."""

    def __init__(self, address: str) -> None:
        self.address = address

    def start(self) -> None:
        """Do nothing."""


class Machine:
    """What a machine has."""

    def __init__(self, *, docker: bool = False, programs: bool = False, apt: bool = False) -> None:
        self.docker = docker
        self.programs = programs
        self.apt = apt
        self.installed: list[str] = []

    def install(self, *packages: str) -> bool:
        """Install packages, as apt-get does."""
        self.installed += packages
        self.programs = True
        return True

    def kind(self) -> Kind:
        """Return RabbitMQ as this machine has it."""
        return replace(
            RABBITMQ,
            in_container=lambda: _server("container"),
            installed=lambda: _server("programs") if self.programs else None,
        )


def _server(address: str) -> Server:
    return FakeServer(address)  # type: ignore[return-value]


def come_by(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return where a server of `machine` comes from."""
    monkeypatch.setattr(sources, "engine_answers", lambda: machine.docker)
    monkeypatch.setattr(sources.debian, "may_install", lambda: machine.apt)
    monkeypatch.setattr(sources.debian, "install", machine.install)
    return new_server(machine.kind()).address


def test_a_container_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(docker=True, programs=True, apt=True)
    assert come_by(machine, monkeypatch) == "container"


def test_programs_of_the_machine_come_next(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(programs=True, apt=True)
    assert come_by(machine, monkeypatch) == "programs"
    assert machine.installed == []


def test_packages_are_installed_last(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(apt=True)
    assert come_by(machine, monkeypatch) == "programs"
    assert machine.installed == ["rabbitmq-server"]


def test_a_machine_that_has_nothing_is_told_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServerMissing, match=r"RabbitMQ is missing: .* package rabbitmq-server, or set TEST_AMQP_URI"):
        come_by(Machine(), monkeypatch)


def test_an_address_in_the_environment_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert replace(RABBITMQ, variable="TEST_NOT_SET").given() is None
    monkeypatch.setenv("TEST_AMQP_URI", "pyamqp://elsewhere//")
    assert RABBITMQ.given() == "pyamqp://elsewhere//"

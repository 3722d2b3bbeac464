"""A private RabbitMQ: its own node, folder and name server (epmd); and fresh virtual hosts on any."""

import os
import secrets
import shutil
import subprocess
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import requests

from tests.servers.container import OwnContainer
from tests.servers.own_process import OwnProcess, new_folder
from tests.servers.ports import answers, free_port
from tests.servers.server import Server, ServerMissing

_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_CONTROL = _PROGRAM.with_name("rabbitmqctl")
"""Debian's /usr/sbin/rabbitmq-server insists on the user rabbitmq and the system's folders; this one does not."""

_MANAGEMENT = 10_000
"""How far above the port for AMQP the one for management is, as with RabbitMQ's own 5672 and 15672."""

_SHIPPED = Path(__file__).parents[2] / "deploy/rabbitmq/small.conf"
"""So that what is tested and measured is what is shipped."""

_DISK_FREE = "50MB"
"""What RabbitMQ wants to be free, or it takes no messages."""

_GREETING = b"AMQP\0\0\x09\x01"
_REQUEST = b"GET / HTTP/1.0\r\n\r\n"


def in_container() -> Server:
    """Return a RabbitMQ in a container, not yet started."""
    port = free_port(also=_MANAGEMENT)
    return OwnContainer(
        "rabbitmq:3.13-management",
        ports={5672: port, 5672 + _MANAGEMENT: port + _MANAGEMENT},
        address="pyamqp://guest:guest@{host}:{port}//",
        ready=lambda host, port: answers(port, _GREETING, host) and answers(port + _MANAGEMENT, _REQUEST, host),
    )


def installed(*, managed: bool = True) -> Server | None:
    """Return a RabbitMQ from this machine's programs, not yet started; None where there is none.

    One that is not `managed` has its one virtual host, and stops five seconds sooner.
    """
    return OwnRabbitMq(managed) if _PROGRAM.exists() and shutil.which("epmd") else None


class FreshVhosts:
    """Makes virtual hosts on a broker, which share nothing but the machine, and removes them all in the end."""

    def __init__(self, address: str, management: str | None = None) -> None:
        self._broker = urlsplit(address)
        self._management = management or self._usual_management()
        self._names: list[str] = []

    def new(self) -> str:
        """Return the address of a new virtual host, without any queue."""
        name = f"test_{secrets.token_hex(6)}"
        self._ask("PUT", f"vhosts/{name}")
        self._names.append(name)
        user = self._broker.username or "guest"
        self._ask("PUT", f"permissions/{name}/{user}", {"configure": ".*", "write": ".*", "read": ".*"})
        return urlunsplit(self._broker._replace(path=f"/{name}"))

    def drop_all(self) -> None:
        """Remove every virtual host that was made here, with all that is in it."""
        while self._names:
            self._ask("DELETE", f"vhosts/{self._names.pop()}")

    def _usual_management(self) -> str:
        return f"http://{self._broker.hostname}:{(self._broker.port or 5672) + _MANAGEMENT}"

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> None:
        login = (self._broker.username or "guest", self._broker.password or "guest")
        try:
            answer = requests.request(method, f"{self._management}/api/{path}", json=body or {}, auth=login, timeout=30)
            answer.raise_for_status()
        except requests.RequestException as refused:
            raise ServerMissing(
                f"RabbitMQ's management does not answer at {self._management} ({refused}): enable the plugin "
                "rabbitmq_management, or set TEST_AMQP_MANAGEMENT_URL."
            ) from refused


def own_vhost(server: Server) -> str:
    """Make a virtual host on a broker of this test run's own, managed or not; return its address."""
    name = f"test_{secrets.token_hex(6)}"
    _order(server, "add_vhost", name)
    _order(server, "set_permissions", "-p", name, "guest", ".*", ".*", ".*")
    return urlunsplit(urlsplit(server.address)._replace(path=f"/{name}"))


def refuse_messages(server: Server, refuse: bool) -> None:
    """Let a broker believe that its disk is full, so that it takes no messages from anybody; or no longer."""
    _order(server, "set_disk_free_limit", "100000GB" if refuse else _DISK_FREE)


def _order(server: Server, *order: str) -> None:
    if isinstance(server, OwnContainer):
        server.run("rabbitmqctl", *order)
    elif isinstance(server, OwnRabbitMq):
        server.control(*order)


class OwnRabbitMq(OwnProcess):
    """The broker, and beside it an epmd of its own that would otherwise outlive it as a daemon."""

    def __init__(self, managed: bool) -> None:
        port, epmd_port = free_port(also=_MANAGEMENT), free_port()
        folder = new_folder("rabbitmq")
        environment = _write_configuration(folder, port, epmd_port)
        (folder / "enabled_plugins").write_text("[rabbitmq_management]." if managed else "[].")
        self._epmd = OwnProcess(
            ["epmd", "-port", str(epmd_port), "-address", "127.0.0.1"],
            address=f"127.0.0.1:{epmd_port}",
            folder=new_folder("epmd"),
            ready=partial(answers, epmd_port, b"\0\1n"),
        )
        super().__init__(
            [str(_PROGRAM)],
            address=f"pyamqp://guest:guest@127.0.0.1:{port}//",
            folder=folder,
            ready=lambda: answers(port, _GREETING) and (not managed or answers(port + _MANAGEMENT, _REQUEST)),
            environment=environment,
        )

    def control(self, *order: str) -> str:
        """Give the broker an order of `rabbitmqctl`; return what that prints."""
        command = [str(_CONTROL), "-n", self._environment["RABBITMQ_NODENAME"], *order]
        done = subprocess.run(command, env=self._environment, check=True, capture_output=True, timeout=60, text=True)
        return done.stdout

    def start(self) -> None:
        """Start epmd and the broker (some four seconds)."""
        self._epmd.start()
        super().start()

    def close(self) -> None:
        """End both and remove what they wrote."""
        super().close()
        self._epmd.close()


def _write_configuration(folder: Path, port: int, epmd_port: int) -> dict[str, str]:
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.default = 127.0.0.1:{port}\n"
        f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {port + _MANAGEMENT}\n"
        f"{_SHIPPED.read_text()}\n"
        "log.console = true\nlog.console.level = warning\nlog.file = false\n"
        f"disk_free_limit.absolute = {_DISK_FREE}\n"
    )
    return {
        "HOME": str(folder),  # the Erlang cookie is made there
        "ERL_EPMD_PORT": str(epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"frontdesk{port}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        # No busy waiting of idle schedulers: the machine belongs to the tests.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none "
        "-kernel inet_dist_use_interface {127,0,0,1}",
    }

"""A private RabbitMQ: its own node, its own folder, its own name server (epmd)."""

import os
import shutil
from functools import partial
from pathlib import Path

from tests.servers.container import OwnContainer
from tests.servers.own_process import OwnProcess, new_folder
from tests.servers.ports import answers, free_port
from tests.servers.server import Server

_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's /usr/sbin/rabbitmq-server insists on the user rabbitmq and the system's folders; this one does not."""

_GREETING = b"AMQP\0\0\x09\x01"


def in_container() -> Server:
    """Return a RabbitMQ in a container, not yet started."""
    return OwnContainer(
        "rabbitmq:3.13",
        port=5672,
        address="pyamqp://guest:guest@{host}:{port}//",
        ready=lambda host, port: answers(port, _GREETING, host),
    )


def installed() -> Server | None:
    """Return a RabbitMQ from this machine's programs, not yet started; None where there is none."""
    return OwnRabbitMq() if _PROGRAM.exists() and shutil.which("epmd") else None


class OwnRabbitMq(OwnProcess):
    """The broker, and beside it an epmd of its own that would otherwise outlive it as a daemon."""

    def __init__(self) -> None:
        port, epmd_port = free_port(), free_port()
        folder = new_folder("rabbitmq")
        environment = _write_configuration(folder, port, epmd_port)
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
            ready=partial(answers, port, _GREETING),
            environment=environment,
        )

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
        "log.console = true\nlog.console.level = warning\nlog.file = false\n"
        "disk_free_limit.absolute = 50MB\n"
    )
    (folder / "enabled_plugins").write_text("[].")
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
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
    }

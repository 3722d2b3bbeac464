"""A private Redis that keeps nothing on disk."""

import shutil
from functools import partial

from tests.servers.container import OwnContainer
from tests.servers.own_process import OwnProcess, new_folder
from tests.servers.ports import answers, free_port
from tests.servers.server import Server

_PING = b"PING\r\n"


def in_container() -> Server:
    """Return a Redis in a container, not yet started."""
    return OwnContainer(
        "redis:7",
        port=6379,
        address="redis://{host}:{port}/0",
        ready=lambda host, port: answers(port, _PING, host),
    )


def installed() -> Server | None:
    """Return a Redis from this machine's programs, not yet started; None where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        return None
    port = free_port()
    return OwnProcess(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"],
        address=f"redis://127.0.0.1:{port}/0",
        folder=new_folder("redis"),
        ready=partial(answers, port, _PING),
    )

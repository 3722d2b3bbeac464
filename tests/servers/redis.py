"""A private Redis that keeps nothing on disk, and empty databases on any."""

import shutil
from functools import partial
from itertools import count

import redis

from tests.servers.container import OwnContainer
from tests.servers.own_process import OwnProcess, new_folder
from tests.servers.ports import answers, free_port
from tests.servers.server import Server, ServerMissing

_DATABASES = 1000
_PING = b"PING\r\n"


def in_container() -> Server:
    """Return a Redis in a container, not yet started."""
    return OwnContainer(
        "redis:7",
        ports={6379: free_port()},
        address="redis://{host}:{port}/0",
        ready=lambda host, port: answers(port, _PING, host),
        command=f"redis-server --databases {_DATABASES}",
    )


def installed() -> Server | None:
    """Return a Redis from this machine's programs, not yet started; None where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        return None
    port = free_port()
    return OwnProcess(
        [
            program,
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--databases",
            str(_DATABASES),
        ],
        address=f"redis://127.0.0.1:{port}/0",
        folder=new_folder("redis"),
        ready=partial(answers, port, _PING),
    )


class FreshDatabases:
    """Hands out a server's numbered databases, each once and empty; 0 is left alone."""

    def __init__(self, address: str) -> None:
        self._server = address.rsplit("/", 1)[0] if address.count("/") > 2 else address
        self._numbers = count(1)

    def new(self) -> str:
        """Return the address of an empty database; raise ServerMissing where the server has no more."""
        address = f"{self._server}/{next(self._numbers)}"
        try:
            with redis.Redis.from_url(address) as client:
                client.flushdb()
        except redis.ResponseError as refused:
            raise ServerMissing(
                f"Redis has too few databases ({refused}): give it `databases {_DATABASES}`."
            ) from refused
        return address

"""The parent of warm processes: imports all that they need, then forks one at each order (see `tests.servers.warm`)."""

import gc
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module
from io import TextIOWrapper
from itertools import count
from os import WNOHANG, waitpid, waitstatus_to_exitcode, write  # these, since eventlet patches the module
from typing import Any, cast

import eventlet
import eventlet.hubs

from shared.settings import SERVICES

Order = dict[str, Any]

_LARGEST_ORDER = 1 << 20

_SHARED = (
    "alembic.command",
    "cli.up",
    "lupa",  # scripts for a Redis inside the process
    "sqlalchemy.dialects.postgresql.psycopg2",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tests.contract.bus.services",
    "gateway.service",
    *(f"services.{name}.service" for name in SERVICES),
)
"""What services, the gateway and the bus tests' houses stand on."""


class Parent:
    """Forks, and tells of ends."""

    def __init__(self, orders: socket.socket, ends: int) -> None:
        self._orders = orders
        self._ends = ends
        self._numbers: dict[int, int] = {}

    def next_child(self) -> tuple[Order, list[int]]:
        """Fork at each order; return in each child, with its order and its files, and end with the test run."""
        signal.signal(signal.SIGCHLD, lambda *_: self._tell_ends())
        for number in count():
            order, files, _, _ = socket.recv_fds(self._orders, _LARGEST_ORDER, 2)
            if not order:
                sys.exit()
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # until its number is known
            pid = os.fork()
            if pid == 0:
                return json.loads(order), files
            self._numbers[pid] = number
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            self._orders.send(str(pid).encode())
            for file in files:
                os.close(file)
        raise AssertionError("unreachable")

    def _tell_ends(self) -> None:
        while self._numbers:
            pid, status = waitpid(-1, WNOHANG)
            if not pid:
                return
            write(self._ends, f"{self._numbers.pop(pid)} {waitstatus_to_exitcode(status)}\n".encode())


def become(order: Order, files: list[int]) -> None:
    """Run the order's module as a process that was started for it alone would."""
    os.setsid()
    for own, file in enumerate(files, start=1):
        os.dup2(file, own)
    os.closerange(3, 1024)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    os.environ.clear()
    os.environ.update(order["environment"])
    cast(TextIOWrapper, sys.stdout).reconfigure(line_buffering=True)
    module, *arguments = order["command"]
    sys.argv[1:] = arguments
    eventlet.hubs.use_hub()  # its own: the parent's would wait on the same files as all others
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main(orders: int, ends: int) -> None:
    """Be the parent; return in no process but the children, when their programs have ended."""
    parent = Parent(socket.socket(fileno=orders), ends)
    eventlet.monkey_patch()
    for module in _SHARED:
        import_module(module)
    gc.collect()
    gc.freeze()  # what a child's collector does not look at stays in memory that all share
    become(*parent.next_child())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""Processes of services that start at once: forked off one that has imported what they all need.

Importing a service takes a second and more of a core, and tests start dozens. A forked process is one of its own in
every other respect: session, environment, output, signals, exit code. What is told of the start itself (the command
line, installations that are hurt) starts the program as people do.

Orders go to the parent (`warm_parent`) over a socket, with the files for output and errors; it answers with the process
id. At a process's end it writes the order's number and the exit code into a pipe.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO, Any, Protocol

from tests.servers.reaper import reaper

ROOT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.02


class Process(Protocol):
    """What tests use of `subprocess.Popen`, and of a warm process."""

    @property
    def pid(self) -> int:
        """The process's id."""
        ...

    @property
    def returncode(self) -> int | None:
        """The exit code once somebody has asked for it; negative where a signal ended the process."""
        ...

    def poll(self) -> int | None:
        """Return the exit code, None while the process runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code at the process's end; raise `subprocess.TimeoutExpired` where that takes longer."""
        ...

    def send_signal(self, sig: int) -> None:
        """Send a signal; nothing where the process has ended."""
        ...

    def kill(self) -> None:
        """End the process at once."""
        ...


def start_warm(module: str, *arguments: str, env: Mapping[str, str], output: IO[Any], errors: IO[Any]) -> Process:
    """Run a module as `python -m` does in the project's folder; it leads a session and ends with the test run."""
    process = _parent().start([module, *arguments], env, output.fileno(), errors.fileno())
    reaper().watch_group(process.pid)
    return process


def start_cold(module: str, *arguments: str, env: Mapping[str, str], output: IO[Any], errors: IO[Any]) -> Process:
    """Do the same with a Python that imports everything itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
    )
    reaper().watch_group(process.pid)
    return process


def ended(process: Process, within: float | None = None) -> int:
    """Wait for the process's end, so many seconds at most, and return its exit code; nobody watches it any more."""
    code = process.wait(within)
    reaper().forget_group(process.pid)
    return code


class _Parent:
    """This test run's end of the socket and of the pipe."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ends, told = os.pipe()
        self._numbers = count()
        self._unread = b""
        self._exit_codes: dict[int, int] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.servers.warm_parent", str(theirs.fileno()), str(told)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(), told),
            start_new_session=True,
        )
        theirs.close()
        os.close(told)
        reaper().watch_group(self._process.pid)

    def start(self, command: list[str], environment: Mapping[str, str], output: int, errors: int) -> Process:
        """Have a process forked and return it."""
        order = json.dumps({"command": command, "environment": dict(environment)}).encode()
        socket.send_fds(self._orders, [order], [output, errors])
        pid = int(self._orders.recv(20) or 0)
        if not pid:
            raise RuntimeError(f"the parent of warm processes ended with exit code {self._process.wait()}")
        return _Warm(self, next(self._numbers), pid)

    def exit_code(self, number: int, within: float) -> int | None:
        """Return how the process of that order ended, None where it has not after so many seconds."""
        if number not in self._exit_codes and select.select([self._ends], [], [], within)[0]:
            *lines, self._unread = (self._unread + os.read(self._ends, 1 << 16)).split(b"\n")
            self._exit_codes.update((int(each), int(code)) for each, code in map(bytes.split, lines))
        return self._exit_codes.get(number)


@cache
def _parent() -> _Parent:
    return _Parent()


class _Warm:
    """One forked process."""

    def __init__(self, parent: _Parent, number: int, pid: int) -> None:
        self._parent = parent
        self._number = number
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        self.returncode = self._parent.exit_code(self._number, within=0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            self._parent.exit_code(self._number, within=_LOOK_SECONDS)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

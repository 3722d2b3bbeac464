"""A test's handle on the process that runs its services."""

import json
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.bus.events.signatures import Signatures
from shared.bus.events.topology import Subscription
from shared.contracts.errors import REFUSALS
from tests.servers.warm import Process, ended, start_warm

ROOT = Path(__file__).parents[3]
DELAYS = (0.3, 0.6)
WAITING = (0.2, 0.4)
AMPLE = 20.0
"""Seconds for a call that has to succeed: on a machine that stands still for a while too."""
EVERYBODY = ("teller", "listener", "driver")


class House:
    """Services in a process of their own, called from inside it."""

    def __init__(
        self,
        amqp_uri: str,
        folder: Path,
        *,
        services: tuple[str, ...] = EVERYBODY,
        suffix: str | None = None,
        **order: Any,
    ) -> None:
        self.amqp_uri = amqp_uri
        self.folder = folder
        self.suffix = suffix or f"_{secrets.token_hex(4)}"
        self._order = {
            "amqp_uri": amqp_uri,
            "folder": str(folder),
            "suffix": self.suffix,
            "services": services,
            "house": (),
            "databases": {},
            "together": False,
            "delays": DELAYS,
            "waiting": WAITING,
            **order,
        }
        self.log = folder / f"house-{secrets.token_hex(4)}.log"
        self.process: Process | None = None
        self._said: Any = None
        self._socket: socket.socket | None = None
        self._lines: Any = None

    @property
    def teller(self) -> str:
        """The teller's name."""
        return f"teller{self.suffix}"

    @property
    def listener(self) -> str:
        """The listener's name."""
        return f"listener{self.suffix}"

    @property
    def signatures(self) -> Signatures:
        """Return what the house's events are signed with."""
        keys = json.loads((self.folder / "keys.json").read_text())
        return Signatures(keys["EVENT_SIGNING_KEYS"])

    def subscription(self, type: str = "Told", method: str = "take") -> Subscription:
        """Return the listener's subscription to a type of the teller's events."""
        return Subscription(self.teller, type, self.listener, method, DELAYS, WAITING)

    def start(self, *, wait: bool = True) -> "House":
        """Start the process; return when its services run, or at once."""
        read, write = os.pipe()
        self._said = os.fdopen(read)
        with os.fdopen(write, "w") as output, self.log.open("a") as log:
            order = json.dumps(self._order)
            self.process = start_warm("tests.contract.bus.program", order, env=os.environ, output=output, errors=log)
        if wait:
            self.connect()
        return self

    def connect(self) -> None:
        """Wait until the services run."""
        port = self._said.readline()
        assert port, f"the house did not start:\n{self.log.read_text()}"
        self._socket = socket.create_connection(("127.0.0.1", int(port)), timeout=60)
        self._lines = self._socket.makefile("rw")

    def do(self, what: str, **command: Any) -> dict[str, Any]:
        """Give a command; return what came of it and its `seconds`."""
        self._lines.write(json.dumps({"do": what, **command}) + "\n")
        self._lines.flush()
        answer: dict[str, Any] = json.loads(self._lines.readline())
        return answer

    def ask(self, service: str, method: str, *args: Any, timeout: float = AMPLE, **kwargs: Any) -> dict[str, Any]:
        """Call a method from inside the house and return result, refusal or error, and the seconds it took."""
        return self.do("call", service=service, method=method, args=args, kwargs=kwargs, timeout=timeout)

    def call(self, service: str, method: str, *args: Any, timeout: float = AMPLE, **kwargs: Any) -> Any:
        """Call a method and return its result; a refusal is raised here again."""
        answer = self.ask(service, method, *args, timeout=timeout, **kwargs)
        if "refusal" in answer:
            raise REFUSALS[answer["refusal"]].because(answer["detail"], **answer["extra"])
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, type: str = "Told", **data: Any) -> str:
        """Have the teller publish an event; return its id."""
        event_id: str = self.call(self.teller, "tell", type, data)
        return event_id

    def gathered(self) -> int:
        """Return how many of the teller's `Told` events wait for the listener to be done with others."""
        count: int = self.do("gathered", service=self.listener, type="Told")["result"]
        return count

    def attempts(self, event_id: str) -> list[float]:
        """Return when the listener took the event, in seconds."""
        seen: list[float] = self.call(self.listener, "seen", event_id)
        return seen

    def effects(self, event_id: str) -> int:
        """Return how often the event had its effect."""
        count: int = self.call(self.listener, "effects", event_id)
        return count

    def end(self, with_signal: signal.Signals = signal.SIGKILL) -> int:
        """End the process and return its exit code."""
        assert self.process is not None
        self.process.send_signal(with_signal)
        return self.gone()

    def gone(self) -> int:
        """Wait for the process's end and return its exit code."""
        assert self.process is not None
        if self._socket is not None:
            self._lines.close()
            self._socket.close()
        self._said.close()
        return ended(self.process, within=60)


@contextmanager
def running(house: House) -> Iterator[House]:
    """Start the house, and see to its end."""
    try:
        yield house.start()
    finally:
        if house.process is not None:
            house.end()


def eventually(condition: Callable[[], Any], within: float = 60.0) -> Any:
    """Return the first true value of `condition`; fail where none comes within so many seconds."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        assert time.monotonic() < deadline, f"nothing came within {within} s"
        time.sleep(0.02)  # between two looks at a condition
    return value

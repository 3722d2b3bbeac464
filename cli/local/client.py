"""The caller's side of the socket: for programs that block, as `shared.bus.client` is over RabbitMQ."""

import http.client
import json
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from cli.local.wire import CORRELATION, EVENTS, EXPIRATION, address_in
from shared.bus.calls.wire import RemoteFault, decoded_answer, encoded_call, rebuilt_refusal
from shared.bus.client import DEFAULT_TIMEOUT
from shared.contracts.errors import Refusal, Timeout, Unavailable

_LATER = 2.0
"""Seconds for which an answer may be under way when its call's time is over."""


class LocalClient:
    """Calls services' methods over the socket in a data folder; refusals come back as what they are."""

    def __init__(self, folder: Path, actor_token: Callable[[], str]) -> None:
        self._folder = folder
        self._actor_token = actor_token

    def call(self, service: str, method: str, *args: Any, timeout: float = DEFAULT_TIMEOUT, **kwargs: Any) -> Any:
        """Call and return the answer; raise the other side's Refusal, Unavailable, Timeout or RemoteFault."""
        target, correlation_id = f"{service}.{method}", uuid.uuid4().hex
        headers = {
            "Content-Type": "application/json",
            CORRELATION: correlation_id,
            EXPIRATION: str(max(1, int(timeout * 1000))),
        }
        connection = self._connected(timeout + _LATER)
        try:
            connection.request("POST", f"/{target}", encoded_call(args, kwargs), {**headers, **self._proof()})
            answer = decoded_answer(connection.getresponse().read())
        except TimeoutError as late:
            raise Timeout.because(f"{target} did not answer in time.") from late
        except (OSError, http.client.HTTPException) as lost:
            raise Unavailable.because(
                "Frontdesk has ended or broken off meanwhile; whether it was done is open."
            ) from lost
        finally:
            connection.close()
        error = answer.get("error")
        if error:
            raise rebuilt_refusal(error) or RemoteFault(target, str(error.get("exc_type")), correlation_id)
        return answer.get("result")

    def events(self, ready: Callable[[], None]) -> Iterator[dict[str, Any]]:
        """Yield what the services tell from now on, until that ends; call `ready` when nothing is missed any more.

        Raises as `call` does.
        """
        connection = self._connected(None)
        try:
            connection.request("GET", EVENTS, headers=self._proof())
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                error = decoded_answer(answer.read()).get("error") or {}
                raise rebuilt_refusal(error) or RemoteFault(EVENTS, str(error.get("exc_type")), "")
            ready()
            for line in answer:
                if line.strip():  # an empty one only asks whether somebody listens
                    yield json.loads(line)
        except (OSError, http.client.HTTPException) as lost:
            raise Unavailable.because("Frontdesk has ended; it tells nothing any more.") from lost
        finally:
            connection.close()

    def close(self) -> None:
        """Close what is open: each call has a connection of its own, which ends with it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _proof(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._actor_token()}"}

    def _connected(self, timeout: float | None) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("frontdesk", timeout=timeout)
        connection.sock = self._socket(timeout)
        return connection

    def _socket(self, timeout: float | None) -> socket.socket:
        """Return a connection to the process; raise Unavailable with what to do where there is none."""
        found = socket.socket(socket.AF_UNIX)
        found.settimeout(timeout)
        try:
            with address_in(self._folder) as address:
                found.connect(address)
        except PermissionError:
            found.close()
            raise Unavailable.because(
                f"The installation in {self._folder} belongs to another user of this machine; run this as that user."
            ) from None
        except OSError:
            found.close()
            raise nobody_on(self._folder) from None
        return found


def nobody_on(folder: Path) -> Refusal:
    """Return what is raised where no installation runs on a data folder, with what to do."""
    return Unavailable.because(
        f"No Frontdesk runs on the data folder {folder}. Start it (`frontdesk up`), or set DATA_DIR to that of the one "
        "that runs, or AMQP_URI where it runs on RabbitMQ."
    )

"""The process's side of the socket: its calls go the way of those between services of one process (ADR 24, ADR 55).

Who acts is proven by the same token, and who may call by the same rules, in the service that is called. Only the user
whose installation it is can open the socket at all.
"""

import os
import re
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import eventlet
import orjson
from eventlet import wsgi
from greenlet import GreenletExit
from nameko.extensions import Entrypoint

from cli.local.wire import BODY_LIMIT, CORRELATION, EVENTS, EXPIRATION, NAME, SECONDS_AT_MOST, address_in
from shared.actor import CONTEXT_KEY, CORRELATION_KEY
from shared.bus.calls.calling import Calls
from shared.bus.calls.context import proven_actor
from shared.bus.calls.serving import error_body
from shared.bus.calls.wire import RemoteFault, decoded_call
from shared.bus.tailing import told_events
from shared.bus.wires.message import HEADER_PREFIX
from shared.contracts.errors import Forbidden, Malformed, NotFound, Refusal, Timeout
from shared.settings import SERVICES, Settings

_METHOD = re.compile(rf"/((?:{'|'.join(SERVICES)})\.[a-z_]+)\Z")
_CONNECTIONS = 64
"""So many are served at once; others wait for their turn in the socket's own queue."""
_BACKLOG = 256
_READ_SECONDS = 10.0
"""Within which a call's body has to arrive."""
_SOCKET_SECONDS = 10.0
"""For which a connection may neither say nor take anything."""
_QUIET_SECONDS = 5.0
"""After which who hears events is sent an empty line, so that one who has gone is noticed."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


def listening(folder: Path) -> socket.socket:
    """Return a socket in `folder` that only its owner can connect to; the one of a run that was killed is replaced.

    Its mode is set before it has a name, and it takes the name at once: at no moment may others connect, nor is there
    none where one was. That no living process has it is for who holds the folder's lock (`cli.up`).
    """
    made = socket.socket(socket.AF_UNIX)
    os.fchmod(made.fileno(), 0o600)
    for left in folder.glob(f".{NAME}.*"):  # by who was killed before theirs had its name
        left.unlink(missing_ok=True)
    fresh = f".{NAME}.{secrets.token_hex(4)}"
    with address_in(folder, fresh) as address, address_in(folder) as lasting:
        made.bind(address)
        made.listen(_BACKLOG)
        Path(address).replace(lasting)
    return made


class LocalCalls(Entrypoint):
    """Takes calls over the socket as long as the container runs."""

    calls = Calls()

    @property
    def _settings(self) -> Settings:
        settings: Settings = self.container.config["settings"]
        return settings

    def start(self) -> None:
        """Listen, and serve in a thread of the container's."""
        self._is_stopping = False
        self._socket = eventlet.greenio.GreenSocket(listening(self._settings.data_dir))
        self._serving = self.container.spawn_managed_thread(self._serve, identifier="local calls")

    def stop(self) -> None:
        """Take no more calls, let those that run end, and take the socket away."""
        self._is_stopping = True
        (self._settings.data_dir / NAME).unlink(missing_ok=True)
        self._serving.kill()
        with suppress(GreenletExit):
            self._serving.wait()
        self._socket.close()

    def _serve(self) -> None:
        wsgi.server(
            self._socket,
            self._answered,
            max_size=_CONNECTIONS,
            log_output=False,
            debug=False,
            socket_timeout=_SOCKET_SECONDS,
            keepalive=False,
            minimum_chunk_size=1,  # events are not to wait for each other
        )

    def _answered(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI, PEP 3333)."""
        try:
            if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("GET", EVENTS):
                self._require_tool_of_all(environ)
                told = told_events(self._settings.amqp_uri, SERVICES, wait=_QUIET_SECONDS)
                next(told)  # from here on nothing is missed; only now is it said that somebody is heard
                start_response("200 OK", [("Content-Type", "application/x-ndjson")])
                return self._events(told)
            status, answer = HTTPStatus.OK, {"result": self._called(environ), "error": None}
        except Refusal as refusal:
            status, answer = HTTPStatus(refusal.status), {"result": None, "error": error_body(refusal)}
        except RemoteFault as fault:  # told without its text, as everywhere
            error = {"exc_type": fault.exc_type, "exc_path": fault.exc_type, "exc_args": [], "value": ""}
            status, answer = HTTPStatus.INTERNAL_SERVER_ERROR, {"result": None, "error": error}
        body = orjson.dumps(answer)
        start_response(
            f"{status.value} {status.phrase}",
            [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
        )
        return [body]

    def _called(self, environ: Environ) -> Any:
        """Make the call that a request is, and return what comes of it; raise Refusal or RemoteFault."""
        named = _METHOD.match(environ["PATH_INFO"])
        if named is None or environ["REQUEST_METHOD"] != "POST":
            raise NotFound.because("A call is a POST to /service.method.")
        args, kwargs = decoded_call(_body_of(environ))
        timeout = _seconds(_header(environ, EXPIRATION))
        headers = {f"{HEADER_PREFIX}{CORRELATION_KEY}": _header(environ, CORRELATION), **_token_header(environ)}
        return self.calls.request(named.group(1), args, kwargs, headers, timeout).result()

    def _require_tool_of_all(self, environ: Environ) -> None:
        """Refuse everybody but tools for all clinics and methods: events are of all clinics. Raise Forbidden."""
        actor = proven_actor({CONTEXT_KEY: _token(environ)}, self._settings)
        tool = self._settings.tools.get(actor.id or "")
        if actor.kind != "tool" or (tool is not None and tool.is_limited):
            raise Forbidden.because("Events are for tools that are for all clinics and methods.")

    def _events(self, told: Iterator[dict[str, Any] | None]) -> Iterator[bytes]:
        yield b"\n"  # at once, so that the answer begins
        for event in told:
            if self._is_stopping:
                return
            yield b"\n" if event is None else orjson.dumps(event) + b"\n"


def _body_of(environ: Environ) -> bytes:
    """Return a call's body; raise Malformed for one without a length or too long, Timeout where it does not come."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()) or int(length) > BODY_LIMIT:
        raise Malformed.because(f"A call says how long it is, and has at most {BODY_LIMIT} bytes.")
    with eventlet.Timeout(_READ_SECONDS, Timeout.because("The call did not arrive in time.")):
        body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _seconds(milliseconds: str) -> float:
    """Return for how long the caller waits; where that is not said or too long, as long as may be."""
    told = int(milliseconds) / 1000 if milliseconds.isascii() and milliseconds.isdigit() else SECONDS_AT_MOST
    return min(told, SECONDS_AT_MOST)


def _token_header(environ: Environ) -> Mapping[str, str]:
    token = _token(environ)
    return {} if token is None else {f"{HEADER_PREFIX}{CONTEXT_KEY}": token}


def _token(environ: Environ) -> str | None:
    scheme, _, token = _header(environ, "Authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _header(environ: Environ, name: str) -> str:
    return str(environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))


local_calls = LocalCalls.decorator


class LocalSocket:
    """The service, as Nameko runs it, whose only work is the socket."""

    name = "local"

    @local_calls
    def take_calls(self) -> None:
        """Stand for the socket: an entrypoint is a method's."""

"""The HTTP server: Nameko's, made fit for the open internet.

Deadlines for headers, bodies and answers, a limit on connections, several processes on one port, no exception that
could end the container, and a stop that lets running requests finish.
"""

import errno
import fcntl
import logging
import socket
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import eventlet
from eventlet import wsgi
from eventlet.event import Event
from eventlet.greenio import GreenSocket
from eventlet.hubs import notify_opened
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from nameko.web.server import STATE_IDLE, HttpOnlyProtocol, WebServer
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response

from gateway.http.answers import head_problem
from gateway.http.app import CLOSE_AFTER, IS_READ, IS_STOPPING, App, RefusalPage, map_of
from gateway.http.bounds import (
    BODY_LIMIT,
    CALLS_SECONDS,
    CONNECTIONS,
    CONNECTIONS_OF_NETWORK,
    CONNECTIONS_OF_ONE,
    CONNECTIONS_OF_SITE,
    DRAIN_SECONDS,
    EXCHANGE_SECONDS,
    HEADER_SECONDS,
    IDLE_SECONDS,
    KEPT_SECONDS,
    LINGER_SECONDS,
    REQUEST_SECONDS,
    SEND_SECONDS,
    URL_LIMIT,
    WORKERS,
)
from gateway.http.connections import Connections, Held, Shares
from gateway.http.framing import MOST_FIELDS, Misframed, head_of
from gateway.http.metrics import Metrics
from gateway.http.proxies import TrustedProxies
from gateway.http.request import Request
from gateway.http.routes import Route
from shared.actor import CORRELATION_KEY
from shared.bus.wires.budget import BUDGET, Budget
from shared.contracts.errors import Refusal, Timeout, Unavailable
from shared.settings import Settings

_log = logging.getLogger(__name__)
_BACKLOG = 2048
"""Who comes with a thousand others is taken in with them: whoever finds no place here tries again a second later."""
_ENDS = {b"\r\n", b"\n", b""}
"""The line that ends a head, or no line any more."""
_OUT_OF_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Connection(HttpOnlyProtocol):  # type: ignore[misc]  # Nameko and Eventlet are untyped
    """One connection: request after request, each within its deadlines."""

    rfile: Any

    @property
    def _held(self) -> Held:
        """The connection's place among all."""
        held: Held = self.conn_state[3]
        return held

    def _read_request_line(self) -> Any:
        """Wait for the next request; a sender that drips bytes gets no longer than one that sends none."""
        self.server.connections.note_idle(self._held)
        try:
            with eventlet.Timeout(IDLE_SECONDS):
                line = super()._read_request_line()
        except eventlet.Timeout:
            return b""
        if len(line) >= URL_LIMIT:
            self.send_error(414, f"The address is longer than {URL_LIMIT} bytes.")
            return b""
        self.server.connections.note_asking(self._held)
        return line

    def parse_request(self) -> bool:
        """Read the head within one deadline for all of it; False where it was refused, or nothing was asked."""
        self.close_connection = True
        self.requestline = self.raw_requestline.decode("latin-1").strip()
        if not self.requestline:
            return False
        try:
            with eventlet.Timeout(HEADER_SECONDS, ConnectionResetError("the headers did not arrive in time")):
                lines = self._read_lines()
            head = head_of(self.raw_requestline, lines)
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self.send_error(431, "The headers are too large.")
            return False
        except Misframed as fault:
            self.send_error(fault.status, str(fault))
            return False
        self.command, self.request_version, self.headers = head.method, head.version, head.fields
        # of an address that begins with two slashes a browser would take the next word for a host
        self.path = f"/{head.target.lstrip('/')}" if head.target.startswith("//") else head.target
        self.close_connection = head.ends_connection
        return True

    def _read_lines(self) -> list[bytes]:
        """Return the header lines; of many or long ones raise what Eventlet raises."""
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in _ENDS:
            lines.append(line)
            if len(lines) > MOST_FIELDS:
                raise wsgi.HeadersTooLarge
        return lines

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is not even a request, as a problem document, and end the connection."""
        self.close_connection = True
        self._has_unread = True
        body = head_problem(int(code), message or "This is not HTTP.")
        phrase = HTTP_STATUS_CODES.get(int(code), "Refused")
        head = (
            f"HTTP/1.1 {int(code)} {phrase}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)

    def handle_one_response(self) -> None:
        """Answer, and give up on readers that never take the answer."""
        with eventlet.Timeout(EXCHANGE_SECONDS, ConnectionResetError("the answer was not taken in time")):
            super().handle_one_response()

    def get_environ(self) -> dict[str, Any]:
        """Return the WSGI environment, and in it ways to tell that all is read, and to end the connection."""
        environ: dict[str, Any] = super().get_environ()
        environ[CLOSE_AFTER] = self._close_after
        environ[IS_READ] = partial(self.server.connections.note_busy, self._held)
        environ[IS_STOPPING] = not self.server.keepalive
        return environ

    def _close_after(self) -> None:
        self.close_connection = True
        self._has_unread = True

    _has_unread = False

    def finish(self) -> None:
        """Close; where a body lies unread, let the client read the answer before the reset reaches it."""
        if self._has_unread:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            with eventlet.Timeout(LINGER_SECONDS, False):
                while self.connection.recv(BODY_LIMIT):
                    pass
        super().finish()


class _Listener(wsgi.Server):  # type: ignore[misc]
    """Eventlet's WSGI server; once `keepalive` is False, every answer is the last of its connection and says so."""

    connections: Connections


class Server(WebServer):  # type: ignore[misc]
    """The listening socket and its connections."""

    def __init__(self) -> None:
        super().__init__()
        self._starting = False
        self._is_accepting = True
        self.metrics = Metrics()

    @property
    def settings(self) -> Settings:
        """The process's settings."""
        settings: Settings = self.container.config["settings"]
        return settings

    def setup(self) -> None:
        """Widen the container's pool: ten workers (Nameko's default) would all wait for one slow service."""
        super().setup()
        self.container._worker_pool.resize(max(WORKERS, self.container.max_workers))

    def start(self) -> None:
        """Listen. Several processes share the port, except in the embedded installation, which is one process."""
        if self._starting:
            return
        self._starting = True
        address = (self.settings.host, self.settings.port)
        family = socket.AF_INET6 if ":" in self.settings.host else socket.AF_INET
        self._sock = eventlet.listen(address, family, _BACKLOG, reuse_port=not self.settings.embedded)
        self._sock.settimeout(None)
        proxies = TrustedProxies(self.settings.trusted_proxies)
        self._serv = self.get_wsgi_server(self._sock, self.get_wsgi_app(proxies))
        self._serv.connections = self._connections = Connections(
            CONNECTIONS,
            Shares(CONNECTIONS_OF_ONE, CONNECTIONS_OF_SITE, CONNECTIONS_OF_NETWORK),
            is_exempt=lambda peer: not self.settings.booking_rate_limit or proxies.trusts(peer),
            told=self.metrics.turned_away,
        )
        self._gt = self.container.spawn_managed_thread(self.run)

    def run(self) -> None:
        """Accept connections until the server stops; running out of file handles is waited out."""
        while self._is_accepting:
            try:
                connection, address = self._sock.accept()
            except OSError as failed:
                if failed.errno == errno.EBADF:
                    return
                _log.warning("a connection could not be accepted: %s", failed)
                eventlet.sleep(0.1 if failed.errno in _OUT_OF_FILES else 0)
                continue
            self._serve(connection, address)
            eventlet.sleep(0)  # whoever is inside goes on, before the next of a thousand who come at once is taken in

    def _serve(self, connection: Any, address: Any) -> None:
        connection.settimeout(SEND_SECONDS)
        self.container.spawn_managed_thread(partial(self.process_request, connection, address))

    def process_request(self, connection: Any, address: Any) -> None:
        """Serve one connection to its end. Nothing is raised: an exception here would end the whole container."""
        held = self._connections.admit(connection, address[0])
        if held is None:
            connection.close()
            return
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms wait between two writes
            self._serv.process_request([address, connection, STATE_IDLE, held])
        except (OSError, ValueError, eventlet.Timeout) as broken:
            _log.debug("connection broke off: %r", broken)
        except Exception:  # noqa: BLE001 - it would end the container and with it all other connections
            _log.exception("connection failed")
        finally:
            self._connections.leave(held)
            connection.close()

    def get_wsgi_app(self, proxies: TrustedProxies) -> App:
        """Return the application over the routes of the one entrypoint."""
        [entrypoint] = self._providers
        return App(
            map_of(entrypoint.routes),
            dispatch=entrypoint.dispatch,
            refusal_page=entrypoint.refusal_page,
            proxies=proxies,
            metrics=self.metrics,
            is_https=self.settings.public_url.startswith("https:"),
        )

    def get_wsgi_server(self, sock: Any, app: App, **_: Any) -> Any:
        """Return Eventlet's server with our protocol; the access log is the application's."""
        return _Listener(
            sock,
            sock.getsockname(),
            app,
            protocol=Connection,
            log_output=False,
            debug=False,
            max_http_version="HTTP/1.1",
            socket_timeout=SEND_SECONDS,
            url_length_limit=URL_LIMIT,
            capitalize_response_headers=False,
        )

    def drain(self) -> None:
        """Stop accepting and wait until every running request has its answer, for 15 seconds at most.

        Who may be about to ask something on a kept connection is answered, and told that it ends; where all else ends
        with the gateway, nobody is waited for.
        """
        if self._is_accepting:
            self._is_accepting = False
            self._serv.keepalive = False
            self._gt.kill()
            self._take_in_the_last()
            self._sock.close()
        kept = 0 if self.settings.embedded else KEPT_SECONDS
        with eventlet.Timeout(DRAIN_SECONDS, False):
            while self._connections.end_quiet_ones(kept, _has_unread):
                eventlet.sleep(0.01)

    def _take_in_the_last(self) -> None:
        """Serve whoever has connected already: to them a closed socket would look like a crash."""
        with suppress(OSError):  # there is nobody else, or no file handle for them
            while True:
                connection, address = self._sock.fd.accept()
                notify_opened(connection.fileno())
                self._serve(GreenSocket(connection), address)

    def stop(self) -> None:
        """Close what is left; connections are ended by the container."""
        self.drain()
        super().stop()


class HttpEntrypoint(Entrypoint):  # type: ignore[misc]
    """The method of the gateway that answers requests, of whichever of its routes: `(self, route, request)`."""

    server = Server()

    def __init__(self, routes: Sequence[Route], refusal_page: RefusalPage, **kwargs: Any) -> None:
        """Answer `routes`, and draw with `refusal_page` what is refused to people."""
        self.routes = routes
        self.refusal_page = refusal_page
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Have the server listen for this."""
        self.server.register_provider(self)

    def stop(self) -> None:
        """Let running requests finish before the container ends their workers' collaborators."""
        self.server.drain()
        self.server.unregister_provider(self)
        super().stop()

    def dispatch(self, route: Route, request: Request) -> Response | Refusal:
        """Run the method in a worker and return its answer; raise Timeout after ten seconds, Unavailable at the end."""
        done: Event = Event()
        with eventlet.Timeout(REQUEST_SECONDS, False):
            try:
                self.container.spawn_worker(
                    self,
                    (route, request),
                    {},
                    context_data={CORRELATION_KEY: request.id, BUDGET: Budget.of(CALLS_SECONDS)},
                    handle_result=partial(_hand_over, done),
                )
            except ContainerBeingKilled as ending:
                raise Unavailable.because("The gateway is stopping.") from ending
            outcome: Response | Refusal = done.wait()
            return outcome
        raise Timeout.because(f"There was no answer within {REQUEST_SECONDS} seconds.")


def _has_unread(connection: Any) -> bool:
    """Tell whether bytes have arrived that nobody has read."""
    unread = fcntl.ioctl(connection.fileno(), termios.FIONREAD, bytes(4))
    return int.from_bytes(unread, sys.byteorder) > 0


def _hand_over(done: Event, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
    done.send(result, exc_info)
    return result, exc_info


http = HttpEntrypoint.decorator

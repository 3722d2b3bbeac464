"""How requests reach a provider: with time limits, and so that it is known whether one left the house (PRODUCT N6).

Both libraries send through here. What they would use themselves reads all authorities' certificates anew for each
message, which stops a whole process for as long as that takes.
"""

import functools
import http.client
import ssl
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError

from services.notification.channels.way_out import NotSent, Unclear
from services.notification.model.delivery import NO_ANSWER

CONNECT_SECONDS, READ_SECONDS = 5.0, 12.0
"""How long a provider may take to be reached, and to say anything."""


@dataclass(frozen=True)
class Answered:
    """What a provider answered, whatever the status."""

    status: int
    headers: Any
    body: bytes


def ask(request: urllib.request.Request) -> Answered:
    """Return the answer; raise NotSent where nothing left the house, Unclear where nothing came back.

    No connection is kept, so that none has died when it is used next. A redirection is an answer like any other.
    """
    try:
        with _opener().open(request, timeout=READ_SECONDS) as answer:
            return Answered(answer.status, answer.headers, answer.read())
    except HTTPError as refused:
        with refused:
            return Answered(refused.code, refused.headers, _rest(refused))
    except URLError as failed:
        raise (NotSent(NO_ANSWER) if isinstance(failed.reason, _NotConnected) else Unclear(NO_ANSWER)) from None
    except (OSError, http.client.HTTPException):
        raise Unclear(NO_ANSWER) from None


def _rest(refused: HTTPError) -> bytes:
    """Return what follows a status; where it breaks off, the status says enough."""
    try:
        return refused.read()
    except (OSError, http.client.HTTPException):
        return b""


class _NotConnected(OSError):
    """No request left the house."""


class _Connecting:
    """A connection that is made within a time limit of its own, and says so where it is not."""

    timeout: float | None
    sock: Any

    def connect(self) -> None:
        answering, self.timeout = self.timeout, CONNECT_SECONDS
        try:
            super().connect()  # type: ignore[misc]
        except OSError as failed:
            raise _NotConnected from failed
        self.timeout = answering
        self.sock.settimeout(answering)


class _PlainConnection(_Connecting, http.client.HTTPConnection):
    pass


class _SafeConnection(_Connecting, http.client.HTTPSConnection):
    pass


class _Http(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_PlainConnection, request)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SafeConnection, request, context=_authorities())


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@functools.cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


@functools.cache
def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Http, _Https, _NoRedirection)

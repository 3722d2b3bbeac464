"""The WSGI application: finds the route, reads the body within its limits, and finishes every answer alike.

It knows neither Nameko nor sockets: `dispatch` calls the route's function, so that tests can do without both.
"""

import gzip
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import eventlet
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.wrappers import Response

from gateway.http.answers import InternalError, from_http_exception, problem, wants_page
from gateway.http.bounds import BODY_LIMIT, body_seconds
from gateway.http.headers import is_never_framed, protect
from gateway.http.metrics import Metrics
from gateway.http.proxies import TrustedProxies
from gateway.http.request import Request
from gateway.http.routes import ADMITTED, Route
from shared.contracts.errors import Malformed, NotFound, Refusal

CLOSE_AFTER = "frontdesk.close_after"
"""The environment's key for a callable that ends the connection after this answer."""

IS_READ = "frontdesk.is_read"
"""The environment's key for a callable that hears once the request is read to its end.

Until then its connection is an idle one, which makes room for others: else whoever drips a body keeps its place.
"""

IS_STOPPING = "frontdesk.is_stopping"
"""The environment's key that tells whether the process is at its end, and this answer the connection's last."""

_log = logging.getLogger(__name__)
_access = logging.getLogger("frontdesk.access")
_GZIP_FROM = 1400  # less fits one packet anyway
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ROUTES_KEPT = 1000
_REPEATED = {"clinic"}
"""What an address may hold for its route to be kept; never a token."""
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ufffd]")


Dispatch = Callable[[Route, Request], Response | Refusal]
"""Has a route's function answer; what it refuses is returned, and raised only where it could not even be asked."""

RefusalPage = Callable[[Request, Refusal], Response]
"""Draws a refusal for people."""


class _Place(BaseConverter):
    """What may be a clinic's short name in an address, and is no word of ours."""

    regex = r"(?!(?:v1|staff|m|recall|calendar|outbox|docs|static|healthz|readyz|metrics)\Z)[a-z0-9][a-z0-9-]*"


def map_of(routes: Iterable[Route]) -> Map:
    """Return the map from addresses to routes; an address is right as it stands, nothing is redirected."""
    rules = [Rule(each.url, methods=[each.method], endpoint=each) for each in routes]
    return Map(rules, strict_slashes=False, merge_slashes=False, converters={"place": _Place})


class App:
    """Answers every request, whatever it is, with a response."""

    def __init__(
        self,
        routes: Map,
        dispatch: Dispatch,
        refusal_page: RefusalPage,
        proxies: TrustedProxies,
        metrics: Metrics,
        is_https: bool,
    ) -> None:
        """Answer by `routes` (see `map_of`)."""
        self._map = routes
        self._known: dict[tuple[str, str], tuple[Route, Mapping[str, Any]]] = {}
        self._dispatch = dispatch
        self._refusal_page = refusal_page
        self._proxies = proxies
        self._metrics = metrics
        self._is_https = is_https

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        started = time.perf_counter()
        request = Request(environ)
        believed = self._proxies.trusts(request.remote_addr or "")
        request.id = (believed and request.wanted_id()) or secrets.token_hex(8)
        request.address = self._proxies.client(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
        route: Route | None = None
        try:
            route, request.path_values = self._match(request)
            request.may_be_framed = route is not None and route.framed and not is_never_framed(request.path)
            response = self._options(request) if route is None else self._answer(route, request)
        except Refusal as refusal:
            response = self._refuse(request, refusal)
        except Exception:  # noqa: BLE001 - whatever went wrong, the client gets an answer
            _log.exception("request %s failed", request.id)
            response = self._refuse(request, InternalError())
        self._finish(request, response)
        self._note(request, route, response, time.perf_counter() - started)
        return response(environ, start_response)

    def _match(self, request: Request) -> tuple[Route | None, dict[str, Any]]:
        """Return the route and what its address holds; (None, …) for OPTIONS, which any address answers."""
        _require_readable_query(request)
        known = self._known.get((request.method, request.path))
        if known is not None:
            return known[0], dict(known[1])
        if _UNPRINTABLE.search(request.path):
            raise NotFound.because("There is nothing at this address.")
        adapter = self._map.bind("", path_info=request.path, default_method=request.method)
        if request.method == "OPTIONS" and adapter.allowed_methods():
            return None, {}
        try:
            route, values = adapter.match()
        except HTTPException as raised:
            raise from_http_exception(raised) from raised
        if values.keys() <= _REPEATED:
            self._remember(request, route, values)
        return route, dict(values)

    def _remember(self, request: Request, route: Route, values: Mapping[str, Any]) -> None:
        """Keep a route that was found: finding it costs as much as reading Redis."""
        if len(self._known) >= _ROUTES_KEPT:
            self._known.clear()
        self._known[request.method, request.path] = (route, values)

    def _options(self, request: Request) -> Response:
        allowed = self._map.bind("", path_info=request.path).allowed_methods()
        return Response(status=204, headers={"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))})

    def _answer(self, route: Route, request: Request) -> Response:
        length = request.content_length or 0
        if length > route.body_limit:
            raise self._hang_up(request, 413, f"The body is larger than {route.body_limit} bytes.")
        if length > BODY_LIMIT and route.settles_first and (refused := self._turned_away(route, request)) is not None:
            self._receive(route, request, _discard_body)
            return refused
        if length:
            self._receive(route, request, _keep_body)
        request.in_doubt = route.in_doubt
        request.environ.get(IS_READ, lambda: None)()
        outcome = self._dispatch(route, request)
        return self._refuse(request, outcome) if isinstance(outcome, Refusal) else outcome

    def _turned_away(self, route: Route, request: Request) -> Response | None:
        """Return the answer to who may not send here, before a large body takes up memory; None to who may."""
        head = request.head()
        try:
            outcome = self._dispatch(route, head)
        except Refusal as refusal:
            outcome = refusal
        if outcome is ADMITTED:
            return None
        return self._refuse(head, outcome) if isinstance(outcome, Refusal) else outcome

    def _receive(self, route: Route, request: Request, take_in: Callable[[Route, Request], None]) -> None:
        """Take the body in here, under a deadline, so that a slow sender holds no worker."""
        seconds = body_seconds(request.content_length or 0)
        try:
            with eventlet.Timeout(seconds):
                take_in(route, request)
        except eventlet.Timeout as slow:
            raise self._hang_up(request, 408, f"The body did not arrive within {seconds:.0f} seconds.") from slow
        except RequestEntityTooLarge as large:
            raise self._hang_up(request, 413, f"A form may have {route.form_fields} fields.") from large
        except (HTTPException, OSError) as broken:
            raise self._hang_up(request, 400, "The body ended early.") from broken

    def _hang_up(self, request: Request, status: int, sentence: str) -> Refusal:
        """Return the refusal, and have the connection closed after it: what follows on it is a body, not a request."""
        request.environ.get(CLOSE_AFTER, lambda: None)()
        return Malformed.because(sentence, status=status)

    def _refuse(self, request: Request, refusal: Refusal) -> Response:
        """Return a page for people, a problem document for programs, and for people too where the page fails."""
        self._metrics.refused(refusal.code)
        if not wants_page(request):
            return problem(request, refusal)
        try:
            return self._refusal_page(request, refusal)
        except Exception:  # noqa: BLE001 - what the page needs may be what is broken; the document needs nothing
            _log.exception("request %s has no page for %s", request.id, refusal.code)
            return problem(request, refusal)

    def _finish(self, request: Request, response: Response) -> None:
        """Add what all answers share: safety headers, the request's id, compression, ETag and 304."""
        response.headers["X-Request-Id"] = request.id
        is_read = request.method in {"GET", "HEAD"}
        protect(
            response.headers,
            request.path,
            is_page=response.mimetype == "text/html",
            is_kept=is_read,
            is_https=self._is_https,
        )
        if response.status_code != 200 or not is_read or response.is_streamed:
            return
        response.add_etag(weak=True)  # weak: the same for the compressed and the plain form
        if is_text := _is_text(response.mimetype or ""):
            response.vary.add("Accept-Encoding")
        if any(name in request.environ for name in _CONDITIONS):
            response.make_conditional(request.environ)
        if is_text and response.status_code == 200:
            _compress(request, response)

    def _note(self, request: Request, route: Route | None, response: Response, seconds: float) -> None:
        """Count and log the answer by its route: what stands in an address or a query is never written down.

        Not even where a clinic's name should be: somebody may have put their number there.
        """
        method = request.method if request.method in _METHODS else "other"
        url = route.url if route else "none"
        self._metrics.answered(method, url, response.status_code, seconds)
        _access.info("%s %s %s %.1fms %s", method, url, response.status_code, 1000 * seconds, request.id)


def _keep_body(route: Route, request: Request) -> None:
    request.max_form_memory_size, request.max_form_parts = route.body_limit, route.form_fields
    request.get_data(cache=True)
    if len(request.form) > route.form_fields:
        raise RequestEntityTooLarge


def _discard_body(_route: Route, request: Request) -> None:
    while request.stream.read(BODY_LIMIT):
        pass


def _require_readable_query(request: Request) -> None:
    """Refuse raw bytes that are not UTF-8, and forget them: whoever words the refusal looks for `lang` in the query."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError as broken:
        request.query_string = b""
        raise Malformed.because("The query is not UTF-8.") from broken


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind in {"application/json", "application/yaml"}


def _compress(request: Request, response: Response) -> None:
    if "HTTP_ACCEPT_ENCODING" not in request.environ or response.content_encoding:
        return
    if request.accept_encodings["gzip"] > 0 and len(response.data) > _GZIP_FROM:
        compressed = _compressed_once if response.cache_control.public else _compressed
        response.data = compressed(response.data)
        response.content_encoding = "gzip"


def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, 4, mtime=0)


_compressed_once = lru_cache(maxsize=32)(_compressed)
"""For what is the same to everybody, such as the API's description, which takes 40 ms."""

"""Answers: JSON, and refusals as problem documents (RFC 9457) in the reader's language."""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from gateway.http.request import Request
from gateway.http.wording import WORDS, field_errors, reader_language, sentence_of, title_of
from shared.contracts.errors import Malformed, NotFound, Refusal

PROBLEM_TYPE = "/docs#{code}"
"""What a problem's `type` points to: the page that explains the code."""

_API_PREFIXES = ("/v1/", "/openapi.json", "/healthz", "/readyz", "/metrics")
_RETRY_SECONDS = {"unavailable": 5, "timeout": 5}
_UNCERTAIN = frozenset(_RETRY_SECONDS)
"""Refusals that do not tell whether it is done: the answer may have been lost on its way."""


class InternalError(Refusal):
    """A fault of ours, told without saying what it is; the log has it."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `data` as JSON."""
    return Response(orjson.dumps(data), status, headers, mimetype="application/json")


def attached(response: Response, name: str) -> Response:
    """Return an answer as a file of this name, which browsers keep and do not show."""
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def ready(body: bytes) -> Response:
    """Return JSON that is written already."""
    return Response(body, mimetype="application/json")


def no_content() -> Response:
    """Return an answer that says only: done."""
    return Response(status=204)


def language_of(request: Request) -> str:
    """Return the language to answer this request in; a query that cannot be read asks for none."""
    return reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))


def language_said(request: Request) -> str | None:
    """Return the language to answer in where the reader has said one, None where they have not."""
    says = "Accept-Language" in request.headers or "lang" in request.args
    return language_of(request) if says else None


def wants_page(request: Request) -> bool:
    """Tell whether a refusal of this request is for a person: everything but the API and the probes."""
    return not request.path.startswith(_API_PREFIXES)


def problem(request: Request, refusal: Refusal) -> Response:
    """Return the refusal as a problem document: type, title, status, code, detail, and what goes with the code."""
    language, extra = language_of(request), refusal.extra
    status = status_of(refusal)
    body: dict[str, Any] = {
        "type": PROBLEM_TYPE.format(code=refusal.code),
        "title": title_of(refusal.code, language),
        "status": status,
        "code": refusal.code,
        "detail": sentence_of(refusal, language),
        "instance": f"urn:request:{request.id}",
    }
    if errors := field_errors(refusal, language):
        body["errors"] = errors
    body |= {name: extra[name] for name in ("alternatives", "phone") if name in extra}
    if request.in_doubt and refusal.code in _UNCERTAIN:
        body["in_doubt"] = request.in_doubt
    response = Response(orjson.dumps(body), status, mimetype="application/problem+json")
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    response.headers.extend(refusal_headers(refusal))
    return response


def head_problem(status: int, sentence: str) -> bytes:
    """Return the problem document for what could not be read as a request at all, in English."""
    code = Malformed.code
    return orjson.dumps(
        {
            "type": PROBLEM_TYPE.format(code=code),
            "title": WORDS[code].title,
            "status": status,
            "code": code,
            "detail": sentence,
        }
    )


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status: the code's own, or the finer 4xx that a `malformed` request earned (405, 411, 413 …)."""
    return int(refusal.extra.get("status", refusal.status)) if isinstance(refusal, Malformed) else refusal.status


def refusal_headers(refusal: Refusal) -> dict[str, str]:
    """Return the headers that go with a refusal, on pages as well: Retry-After, Allow, WWW-Authenticate."""
    headers = {}
    extra = refusal.extra
    if seconds := extra.get("retry_after", _RETRY_SECONDS.get(refusal.code)):
        headers["Retry-After"] = str(max(1, int(seconds)))
    if allow := extra.get("allow"):
        headers["Allow"] = ", ".join(allow)
    if refusal.code == "login_required":
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def from_http_exception(raised: HTTPException) -> Refusal:
    """Return Werkzeug's refusal as one of ours: 404 `not_found`, any other 4xx `malformed` under its own status."""
    if raised.code == 404:
        return NotFound.because("There is nothing at this address.")
    allowed = {"allow": sorted(raised.valid_methods or ())} if isinstance(raised, MethodNotAllowed) else {}
    return Malformed.because(raised.description or raised.name, status=raised.code or 400, **allowed)

"""The cookie by which a browser shows whose staff session it is; the API knows none, and pages know no bearer."""

from werkzeug.wrappers import Response

from gateway.access.sessions import LONGEST
from gateway.http.request import Request

COOKIE = "__Host-staff"
"""Browsers take it from this origin alone, over https or on their own machine, and for all of its addresses."""


def token_of(request: Request) -> str | None:
    """Return the token of the session that the request's browser has, None for none."""
    return request.cookies.get(COOKIE) or None


def with_session(response: Response, token: str) -> Response:
    """Return the response with the cookie of a session that has just begun; it ends with the session's day."""
    response.set_cookie(COOKIE, token, max_age=int(LONGEST.total_seconds()), secure=True, httponly=True, samesite="Lax")
    return response


def without_session(response: Response) -> Response:
    """Return the response that takes the cookie away."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")
    return response

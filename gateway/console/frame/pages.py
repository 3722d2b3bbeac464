"""A page of the console as a route: who asks is settled first, and whatever is refused is told in people's words."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.access.actors import act_as_staff, session_of
from gateway.access.browser.own_pages import is_surely_sent_by_us
from gateway.access.browser.staff_cookie import token_of
from gateway.clients.services import Services
from gateway.console.frame.drawing import draw_plain
from gateway.console.frame.here import Here
from gateway.console.frame.speaking import language_of
from gateway.http.answers import refusal_headers, status_of
from gateway.http.bounds import BODY_LIMIT, FORM_FIELDS
from gateway.http.request import Request
from gateway.http.routes import ADMITTED, Route
from gateway.views.error_page import explained, to_repeat
from shared.contracts.errors import CodeRequired, Forbidden, LoginRequired, Refusal

SIGN_IN = "/staff/-/sign-in"
_TWO_STEP = "/staff/-/account?wanted=two-step"
_SAFE = ("GET", "HEAD")
BY_ITSELF = "X-Frontdesk-Live"
"""The header of what a page asks by itself, which lets no session last longer."""

_PASSING = ("unavailable", "timeout", "rate_limited")

PageFunction = Callable[..., Response]


class Page(Route):
    """A page below `/staff/{clinic}`, or below `/staff/-` where it belongs to `no_clinic`.

    `function(here, **what the address holds)` draws it for whoever is signed in; others are led to sign in and back.
    What is for `administrators`, or those of the installation, alone is refused to everybody else, besides what the
    services say. A page that is somebody's `own` is open to them also where the clinic wants two steps that they have
    not set up yet. What pages ask `by_itself` lets no session last longer.
    """

    settles_first = True

    def __init__(
        self,
        method: str,
        path: str,
        function: PageFunction,
        *,
        administrators: bool = False,
        installers: bool = False,
        own: bool = False,
        no_clinic: bool = False,
        at: str = "",
        by_itself: bool = False,
        body_limit: int = BODY_LIMIT,
        form_fields: int = FORM_FIELDS,
    ) -> None:
        @wraps(function)
        def answer(services: Services, request: Request, clinic: str = "", **values: Any) -> Response:
            try:
                here = _signed_in(services, request, clinic, own=own, by_itself=by_itself)
                if administrators and not here.is_administrator:
                    raise Forbidden.because("Only administrators may do this.")
                if installers and not here.is_installer:
                    raise Forbidden.because("Only the installation's administrators make new clinics.")
                return ADMITTED if request.is_announced else function(here, **values)
            except Refusal as refused:
                return _refused(services, request, clinic, refused)

        below = "/staff/-" if no_clinic else "/staff/<place:clinic>"
        super().__init__(method, at or f"{below}{path}", answer, body_limit=body_limit, form_fields=form_fields)


class OpenPage(Route):
    """A page of the console for who is not signed in: `function(services, request, …)` draws it."""

    def __init__(self, method: str, url: str, function: PageFunction) -> None:
        @wraps(function)
        def answer(services: Services, request: Request, **values: Any) -> Response:
            try:
                _require_own(services, request)
                return function(services, request, **values)
            except Refusal as refused:
                return _refused(services, request, "", refused)

        super().__init__(method, url, answer)


def _require_own(services: Services, request: Request) -> None:
    """Refuse what another site's page has the browser send."""
    if request.method not in _SAFE and not is_surely_sent_by_us(request, services.settings.public_url):
        raise Forbidden.because("This was sent by a page of another site.")


def _signed_in(services: Services, request: Request, clinic: str, *, own: bool, by_itself: bool) -> Here:
    _require_own(services, request)
    by_itself = by_itself or (request.method in _SAFE and BY_ITSELF in request.headers)
    about = None if own else clinic or None
    act_as_staff(services, request, about, token_of(request), prolong=not by_itself)
    return Here(services, request, clinic, session_of(request))


def _refused(services: Services, request: Request, clinic: str, refused: Refusal) -> Response:
    """Return the way to what has to be done first, or a page (or panel) that says why not."""
    if isinstance(refused, LoginRequired):
        return lead(request, f"{SIGN_IN}?{urlencode({'to': _wanted(request)})}")
    if isinstance(refused, CodeRequired):
        return lead(request, _TWO_STEP)
    services.door.metrics.refused(refused.code)
    language = language_of(request)
    heading, explanation = explained(refused, language)
    can_retry = refused.code in _PASSING
    context = {"heading": heading, "explanation": explanation, "can_retry": can_retry, **to_repeat(request)}
    template, status = "console/frame/refused.html", status_of(refused)
    try:
        here = Here(services, request, clinic, session_of(request))
        response = here.show(template, status=status, **context)
    except (LoginRequired, Forbidden):  # who is not signed in, or not here, sees nothing of the clinic
        response = draw_plain(request, language, template, status=status, **context)
    response.headers.extend(refusal_headers(refused))
    return response


def lead(request: Request, address: str) -> Response:
    """Return the way to an address for the whole page, also where only a part of it was asked for."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _wanted(request: Request) -> str:
    """Return where somebody wants to go who must sign in first: of a form, the page that it stands on."""
    if request.method in _SAFE:
        return request.full_path.rstrip("?")
    stood_on = urlsplit(request.headers.get("Referer", ""))
    return f"{stood_on.path}?{stood_on.query}".rstrip("?")

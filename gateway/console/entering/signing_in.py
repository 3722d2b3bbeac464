"""Signing in, with a second step where that is set up, and out again (C4)."""

from typing import Any
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.access.browser.half_logins import HalfLogins, Proven
from gateway.access.browser.staff_cookie import token_of, with_session, without_session
from gateway.access.password_tries import Code
from gateway.access.sessions import account_of
from gateway.clients.services import Services
from gateway.console.entering.ways import HOME, is_ours, safe
from gateway.console.frame.drawing import draw_plain
from gateway.console.frame.pages import SIGN_IN, OpenPage
from gateway.console.frame.speaking import LANGUAGE_COOKIE, language_of, say_in
from gateway.console.frame.typed import Typed
from gateway.http.answers import refusal_headers, status_of
from gateway.http.devices import device_of
from gateway.http.request import Request
from gateway.http.wording import N_
from shared.contracts.errors import CodeRequired, LoginRequired, RateLimited, Refusal, WrongLogin
from shared.sealed import Sealer
from shared.texts.language import LANGUAGES

_SECOND_STEP = "/staff/-/second-step"
_ARRIVED = "/staff/-/signed-in"
_YEAR_SECONDS = 365 * 24 * 3600
_NEEDED = {
    "email": N_("Enter your email address."),
    "password": N_("Enter your password."),
    "code": N_("Enter the code."),
}
_WRONG = N_("The email address or the password is wrong.")
_WRONG_CODE = N_("The code is wrong or was used already. Wait for the next one.")


def sign_in(services: Services, request: Request) -> Response:
    """Ask who somebody is, and let them in who prove it."""
    if request.method != "POST":
        return _ask(request, Typed(to=safe(request.args.get("to", ""))))
    typed = Typed.of(request)
    if missing := {name: _NEEDED[name] for name in ("email", "password") if not typed[name]}:
        return _ask(request, typed, missing)
    proven = Proven(typed["email"], request.form["password"])  # spaces may belong to it
    try:
        return _let_in(services, request, proven, typed["to"])
    except CodeRequired:
        onward = redirect(f"{_SECOND_STEP}?{urlencode({'to': safe(typed['to'])})}", 303)
        return _halves(services).keep(onward, proven)
    except (WrongLogin, RateLimited) as refused:
        return _ask(request, typed, {"": _said(request, refused, _WRONG)}, refused)


def second_step(services: Services, request: Request) -> Response:
    """Ask for the code of the app, or a recovery code, and let them in."""
    halves = _halves(services)
    proven = halves.find(request)
    if proven is None:
        return redirect(SIGN_IN, 303)
    typed = Typed.of(request)
    if request.method != "POST":
        return _ask_code(request, Typed(to=safe(request.args.get("to", ""))))
    if not typed["code"]:
        return _ask_code(request, typed, {"code": _NEEDED["code"]})
    try:
        return halves.drop(request, _let_in(services, request, proven, typed["to"], Code(typed["code"])))
    except RateLimited as refused:
        return _ask_code(request, typed, {"": _said(request, refused, "")}, refused)
    except WrongLogin as refused:
        if refused.extra.get("step") != "code":  # the password was changed meanwhile
            return halves.drop(request, redirect(SIGN_IN, 303))
        return _ask_code(request, typed, {"code": _WRONG_CODE}, refused)


def arrived(services: Services, request: Request) -> Response:
    """Lead on whose browser has kept the session; say to others why they would be asked to sign in again and again."""
    if token_of(request):
        return redirect(safe(request.args.get("to", "")), 303)
    return draw_plain(request, language_of(request), "console/entering/no_cookie.html", status=400)


def sign_out(services: Services, request: Request) -> Response:
    """End the session of this browser."""
    _end(services, token_of(request))
    return without_session(redirect(f"{SIGN_IN}?out=1", 303))


def choose_language(services: Services, request: Request) -> Response:
    """Speak another language from now on, in this browser."""
    typed = Typed.of(request)
    response = redirect(typed["to"] if is_ours(typed["to"]) else HOME, 303)
    if typed["language"] in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, typed["language"], max_age=_YEAR_SECONDS, secure=True, httponly=True, samesite="Lax"
        )
    return response


def _let_in(services: Services, request: Request, proven: Proven, to: str, code: Code | None = None) -> Response:
    """Return the way on, with a session; raise WrongLogin, CodeRequired, RateLimited."""
    second = {} if code is None else {"code": code.typed}
    with services.door.passwords.counted(proven.email, request.address, code):
        found = services.staff.in_own_name().log_in(email=proven.email, password=proven.password, **second)
    _end(services, token_of(request))  # whoever was signed in here before is so no longer
    onward = redirect(f"{_ARRIVED}?{urlencode({'to': safe(to)})}", 303)
    return with_session(onward, services.door.sessions.start(account_of(found), device_of(request.user_agent.string)))


def _end(services: Services, token: str | None) -> None:
    """End the session that a browser had, if it lasts still."""
    try:
        session = services.door.sessions.open(token, prolong=False)
    except LoginRequired:
        return
    services.door.sessions.end(session.account.email, [session.id])


def _halves(services: Services) -> HalfLogins:
    return HalfLogins(services.cache, Sealer(services.settings.event_keys))


def _said(request: Request, refused: Refusal, wrong: str) -> str:
    if isinstance(refused, WrongLogin):
        return wrong
    minutes = max(1, -(-int(refused.extra.get("retry_after", 60)) // 60))
    return say_in(
        language_of(request), N_("There were too many attempts. Try again in {minutes} min."), minutes=minutes
    )


def _ask(
    request: Request, typed: Typed, errors: dict[str, str] | None = None, refused: Refusal | None = None
) -> Response:
    known = Typed(email=typed["email"], to=safe(typed["to"]))
    extra = {"is_out": bool(request.args.get("out"))}
    return _shown(request, "console/entering/sign_in.html", known, errors, refused, **extra)


def _ask_code(
    request: Request, typed: Typed, errors: dict[str, str] | None = None, refused: Refusal | None = None
) -> Response:
    known = Typed(to=safe(typed["to"]))
    return _shown(request, "console/entering/second_step.html", known, errors, refused)


def _shown(
    request: Request,
    template: str,
    typed: Typed,
    errors: dict[str, str] | None,
    refused: Refusal | None,
    **context: Any,
) -> Response:
    status = status_of(refused) if refused else 422 if errors else 200
    language = language_of(request)
    response = draw_plain(request, language, template, status=status, typed=typed, errors=errors, **context)
    if refused:
        response.headers.extend(refusal_headers(refused))
    return response


ROUTES = (
    *(OpenPage(method, SIGN_IN, sign_in) for method in ("GET", "POST")),
    *(OpenPage(method, _SECOND_STEP, second_step) for method in ("GET", "POST")),
    OpenPage("GET", _ARRIVED, arrived),
    OpenPage("POST", "/staff/-/sign-out", sign_out),
    OpenPage("POST", "/staff/-/language", choose_language),
)

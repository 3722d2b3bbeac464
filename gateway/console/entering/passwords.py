"""Choosing a password by a link from an email: after an invitation, or where the old one was forgotten (C4)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.console.frame.drawing import draw_plain
from gateway.console.frame.speaking import language_of
from gateway.console.frame.typed import Typed
from gateway.http.answers import refusal_headers, status_of
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import N_, rule_in
from gateway.views.fields import Field
from shared.contracts.errors import Gone, Invalid, RateLimited

_CHOOSE = "/staff/-/password/<token>"
_FORGOTTEN = "/staff/-/reset"

_PASSWORD = Field(
    "password", "password", N_("New password"), True, N_("At least 12 characters. Several words are good."),
    autocomplete="new-password",
)  # fmt: skip
_EMAIL = Field("email", "email", N_("Email"), True, autocomplete="username")
_NEEDED = {"password": N_("Choose a password."), "email": N_("Enter your email address.")}


def choose_password(services: Services, request: Request, token: str) -> Response:
    """Ask for a password, and take it."""
    staff = services.staff.in_own_name()
    try:
        opened = staff.open_reset(token)
        if request.method == "POST":
            return _chosen(services, request, token, opened)
    except Gone as over:
        return show(request, "console/entering/link_over.html", status=status_of(over))
    return _ask(request, opened)


def forgotten(services: Services, request: Request) -> Response:
    """Ask whose password was forgotten, and have a link sent there; whether it is anybody's is not told."""
    if request.method != "POST":
        return show(request, "console/entering/forgotten.html", fields=[_EMAIL])
    typed = Typed(email=request.form.get("email", "").strip()[: _EMAIL.longest])
    if not typed["email"]:
        errors = {"email": _NEEDED["email"]}
        return show(request, "console/entering/forgotten.html", status=422, fields=[_EMAIL], typed=typed, errors=errors)
    try:
        services.door.resets.count(request.address)
        services.staff.in_own_name().ask_reset(email=typed["email"], language=language_of(request))
    except RateLimited as limited:
        response = show(
            request, "console/entering/forgotten.html", status=429, fields=[_EMAIL], typed=typed, too_many=True
        )
        response.headers.extend(refusal_headers(limited))
        return response
    except Invalid:
        pass  # what is no address is answered as one that nobody has
    return show(request, "console/entering/forgotten_sent.html", email=typed["email"])


def show(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page of who has no password yet."""
    return draw_plain(request, language_of(request), template, status=status, **context)


def _chosen(services: Services, request: Request, token: str, opened: dict[str, str]) -> Response:
    password = request.form.get("password", "")
    if not password:
        return _ask(request, opened, _NEEDED["password"])
    try:
        services.staff.in_own_name().reset(token, password=password)
    except Invalid as refused:
        texts = refused.extra.get("errors", {}).get("password", [refused.detail])
        return _ask(request, opened, texts[0])
    services.door.passwords.forgive_codes(opened["email"])
    return show(request, "console/entering/password_chosen.html", email=opened["email"])


def _ask(request: Request, opened: dict[str, str], error: str | None = None) -> Response:
    errors = {} if error is None else {"password": rule_in(error, language_of(request))}
    return show(
        request, "console/entering/choose_password.html", status=200 if error is None else 422,
        fields=[_PASSWORD], errors=errors, email=opened["email"], invited=opened["purpose"] == "invitation",
    )  # fmt: skip


ROUTES = tuple(
    Route(method, url, function)
    for url, function in ((_CHOOSE, choose_password), (_FORGOTTEN, forgotten))
    for method in ("GET", "POST")
)

"""Passwords: changed by who knows them, and chosen anew by a link that comes by email (C4)."""

from werkzeug.wrappers import Response

from gateway.access.actors import session_of
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.request import Request
from gateway.http.wording import reader_language
from gateway.staff.logins import start


def change_password(services: Services, request: Request) -> Response:
    """Change one's own password and return a new session: all others have ended, this one too."""
    with services.door.passwords.counted(session_of(request).account.email, request.address):
        found = services.staff.change_password(**request.sent)
    return answer(start(services, request, found))


def ask_reset(services: Services, request: Request) -> Response:
    """Have a link sent to whoever's address it is; whether it is anybody's is not told."""
    services.door.resets.count(request.address)
    language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))
    services.staff.in_own_name().ask_reset(language=language, **request.sent)
    return Response(status=202)


def reset_password(services: Services, request: Request, token: str) -> Response:
    """Choose a password by a link; with an invitation's the account works at the clinic from now on."""
    chosen = services.staff.in_own_name().reset(token, **request.sent)
    services.door.passwords.forgive_codes(chosen["email"])
    return no_content()


ROUTES = (
    Operation(
        "PUT", "/v1/staff/password", change_password, "Change one's own password", schemas.Login,
        body=schemas.PasswordBody, refusals=("invalid", "wrong_login", "rate_limited"), staff=True,
    ),
    Operation(
        "POST", "/v1/staff/password-resets", ask_reset, "Ask for a new password by email", status=202,
        body=schemas.ResetAskBody, refusals=("invalid", "rate_limited"),
    ),
    Operation(
        "POST", "/v1/staff/password-resets/<token>", reset_password, "Choose a password by a link", status=204,
        body=schemas.ResetBody, refusals=("invalid", "gone"),
    ),
)  # fmt: skip

"""Logging in by two steps, set up by whose login it is (C4)."""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.access.actors import session_of
from gateway.access.password_tries import Code
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.request import Request
from gateway.pdf.qr_codes import qr_svg
from gateway.staff.logins import start

_TWO_STEP = "/v1/staff/two-step"


def begin_two_step(services: Services, request: Request) -> Response:
    """Return what an authenticator app is told: a secret, its address, and that as a QR code."""
    found = _own(services, request, services.staff.begin_two_step)
    return answer({**found, "qr": qr_svg(found["uri"])})


def confirm_two_step(services: Services, request: Request) -> Response:
    """Ask for a code at every login from now on, and return a new session: all others have ended."""
    found = _own(services, request, services.staff.confirm_two_step)
    return answer({**_anew(services, request, found), "recovery_codes": found["recovery_codes"]})


def end_two_step(services: Services, request: Request) -> Response:
    """Ask for no code any more, and return a new session: all others have ended."""
    return answer(_anew(services, request, _own(services, request, services.staff.end_two_step)))


def recovery_codes(services: Services, request: Request) -> Response:
    """Return new recovery codes; those before open nothing any more."""
    return answer(_own(services, request, services.staff.recovery_codes))


def _own(services: Services, request: Request, ask: Callable[..., Any]) -> Any:
    """Ask staff in the name of whose session it is; wrong passwords and codes are counted as wrong logins are."""
    typed = request.sent.get("code")
    code = None if typed is None else Code(str(typed), inside=True)
    with services.door.passwords.counted(session_of(request).account.email, request.address, code):
        return ask(**request.sent)


def _anew(services: Services, request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    services.door.sessions.end(session_of(request).account.email)
    return start(services, request, found)


_TRIED = ("invalid", "wrong_login", "function_off", "rate_limited")
ROUTES = (
    Operation(
        "POST", _TWO_STEP, begin_two_step, "Begin to set up two-step login", schemas.TwoStep,
        body=schemas.OwnPasswordBody, refusals=_TRIED, staff=True,
    ),
    Operation(
        "POST", f"{_TWO_STEP}/confirm", confirm_two_step, "Switch two-step login on", schemas.TwoStepLogin,
        body=schemas.CodeBody, refusals=(*_TRIED, "not_found"), staff=True,
    ),
    Operation(
        "DELETE", _TWO_STEP, end_two_step, "Switch two-step login off", schemas.Login,
        body=schemas.CodeBody, refusals=(*_TRIED, "not_found"), staff=True,
    ),
    Operation(
        "POST", f"{_TWO_STEP}/recovery-codes", recovery_codes, "Get new recovery codes", schemas.RecoveryCodes,
        body=schemas.CodeBody, refusals=(*_TRIED, "not_found"), staff=True,
    ),
)  # fmt: skip

"""Logging in as staff, and out again (C4)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Response

from gateway.access.actors import session_of
from gateway.access.password_tries import Code
from gateway.access.sessions import Account, account_of
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.devices import device_of
from gateway.http.request import Request
from shared.contracts.errors import Invalid


def log_in(services: Services, request: Request) -> Response:
    """Start a session; failures are counted by account and address, and shut the account to where they come from."""
    email, password = _texts(request.sent, "email", "password")
    typed = request.sent.get("code")
    code = None if typed is None else Code(str(typed))
    with services.door.passwords.counted(email, request.address, code):
        second = {} if typed is None else {"code": typed}
        found = services.staff.in_own_name().log_in(email=email, password=password, **second)
    return answer(start(services, request, found), 201)


def start(services: Services, request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new session of who has proven who they are, as staff tells it: its token and what it may do."""
    account = account_of(found)
    return {"token": services.door.sessions.start(account, device_of(request.user_agent.string)), **_rights(account)}


def sessions(services: Services, request: Request) -> Response:
    """Return who is logged in, and where else."""
    session = session_of(request)
    rows = [
        {
            "id": each.id,
            "created_at": each.created_at,
            "last_used_at": each.last_used_at,
            "current": each.id == session.id,
            **services.door.sessions.device_of(each)._asdict(),
        }
        for each in services.door.sessions.of_account(session.account)
    ]
    whose = {"email": session.account.email, "two_step": session.account.two_step}
    return answer({**whose, **_rights(session.account), "sessions": rows})


def log_out(services: Services, request: Request) -> Response:
    """End this session, the one that `session` names, or `all` of the account."""
    session = session_of(request)
    which = request.asked.get("session", session.id)
    services.door.sessions.end(session.account.email, None if which == "all" else [which])
    return no_content()


def _rights(account: Account) -> dict[str, Any]:
    clinics = None if account.places is None else [asdict(each) for each in account.places]
    return {"role": account.role, "clinics": clinics}


def _texts(sent: Mapping[str, Any], *names: str) -> list[str]:
    """Return fields that must be text; raise Invalid naming those that are not."""
    wrong = {name: ["Give it as text."] for name in names if not isinstance(sent.get(name), str) or not sent[name]}
    if wrong:
        raise Invalid.because("Some fields are missing or wrong.", errors=wrong)
    return [sent[name] for name in names]


ROUTES = (
    Operation(
        "POST", "/v1/staff/logins", log_in, "Log in", schemas.Login, 201,
        body=schemas.LoginBody, refusals=("invalid", "wrong_login", "code_required", "rate_limited"),
    ),
    Operation("GET", "/v1/staff/sessions", sessions, "List the sessions of the account", schemas.Sessions, staff=True),
    Operation(
        "DELETE", "/v1/staff/sessions", log_out, "Log out", status=204, query=schemas.SessionChoice, staff=True,
    ),
)  # fmt: skip

"""Logging in as staff, and out again (C4)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.access.door import FrontDoor
from gateway.access.sessions import Account, Session
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import answer, no_content
from gateway.http.request import Request
from shared.contracts.errors import Invalid, LoginRequired


class StaffLogins:
    """Sessions of staff."""

    door: FrontDoor

    @api(
        Operation(
            "POST", "/v1/staff/logins", "Log in", schemas.Login, 201,
            body=schemas.LoginBody, refusals=("invalid", "wrong_login", "code_required", "rate_limited"),
        )
    )  # fmt: skip
    def log_in(self, request: Request) -> Response:
        """Start a session; ten failures from an address shut the account to it for the rest of 15 minutes."""
        email, password = _texts(request.sent, "email", "password")
        self.door.limits.count_login(email, request.address)
        account = self.door.accounts.verify(email, password)
        self.door.limits.forgive_login(email, request.address)
        return answer({"token": self.door.sessions.start(account), **_rights(account)}, 201)

    @api(Operation("GET", "/v1/staff/sessions", "List the sessions of the account", schemas.Sessions, staff=True))
    def sessions(self, request: Request) -> Response:
        """Return who is logged in, and where else."""
        session = _session(request)
        rows = [
            {
                "id": each.id,
                "created_at": each.created_at,
                "last_used_at": each.last_used_at,
                "current": each.id == session.id,
            }
            for each in self.door.sessions.of_account(session.account.email)
        ]
        return answer({"email": session.account.email, **_rights(session.account), "sessions": rows})

    @api(
        Operation(
            "DELETE", "/v1/staff/sessions", "Log out", status=204, query=schemas.SessionChoice, staff=True
        )
    )  # fmt: skip
    def log_out(self, request: Request) -> Response:
        """End this session, the one that `session` names, or `all` of the account."""
        session = _session(request)
        which = request.asked.get("session", session.id)
        self.door.sessions.end(session.account.email, None if which == "all" else [which])
        return no_content()


def _session(request: Request) -> Session:
    if request.session is None:
        raise LoginRequired.because("Log in first.")
    return request.session


def _rights(account: Account) -> dict[str, Any]:
    return {"role": account.role, "clinics": None if account.clinics is None else list(account.clinics)}


def _texts(sent: Mapping[str, Any], *names: str) -> list[str]:
    """Return fields that must be text; raise Invalid naming those that are not."""
    wrong = {name: ["Give it as text."] for name in names if not isinstance(sent.get(name), str) or not sent[name]}
    if wrong:
        raise Invalid.because("Some fields are missing or wrong.", errors=wrong)
    return [sent[name] for name in names]

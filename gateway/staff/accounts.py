"""The accounts of a clinic, for its administrators (C1)."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.request import Request

_ACCOUNTS = "/v1/staff/clinics/<clinic>/accounts"
_FOUND = ("not_found", "invalid")


def accounts(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of those who work at the clinic."""
    return answer(services.staff.accounts(clinic, **request.asked))


def add_account(services: Services, request: Request, clinic: str) -> Response:
    """Let somebody work at the clinic."""
    return answer(services.staff.add_account(clinic, **request.sent), 201)


def update_account(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Change what is given, and return the account; its sessions end."""
    return answer(services.staff.update_account(clinic, id, **request.sent))


def remove_account(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Let somebody work at the clinic no more; their sessions end."""
    services.staff.remove_account(clinic, id)
    return no_content()


ROUTES = (
    Operation(
        "GET", _ACCOUNTS, accounts, "List the accounts of a clinic", schemas.Accounts,
        query=schemas.AccountsQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", _ACCOUNTS, add_account, "Add somebody who works at the clinic", schemas.Account, 201,
        body=schemas.AccountBody, refusals=_FOUND, staff=True,
    ),
    Operation(
        "PATCH", f"{_ACCOUNTS}/<id>", update_account, "Change an account", schemas.Account,
        body=schemas.AccountChangeBody, refusals=(*_FOUND, "changed_meanwhile"), staff=True,
    ),
    Operation(
        "DELETE", f"{_ACCOUNTS}/<id>", remove_account, "Take somebody's access to the clinic away", status=204,
        refusals=("not_found",), staff=True,
    ),
)  # fmt: skip

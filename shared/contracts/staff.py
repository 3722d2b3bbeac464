"""What staff shows others: its RPC methods and its events.

An account is a person, who works at one clinic or at several. Administrators of a clinic see of it
`{id, email, role, practitioner, state: active|invited, changeable, version}`: `role` and `practitioner` are those that
it has at their clinic, `changeable` says whether they may set its email and password, since it works nowhere else.

`log_in(email, password)` returns `{account, email, clinics, revision}`: `clinics` is a list of `{clinic, role,
practitioner}`, or null for the administrator of the installation, whose `account` is null too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from shared.contracts.plain import Seals

SERVICE = "staff"

METHODS = ("log_in", "accounts", "add_account", "update_account", "remove_account", "ping")

ACCOUNT_ADDED = "AccountAdded"
"""Somebody has access for the first time."""
ACCOUNT_CHANGED = "AccountChanged"
"""Where somebody works, as what, or what proves them, is another; whoever was logged in by it is so no more."""
ACCOUNT_REMOVED = "AccountRemoved"
"""Somebody has access nowhere any more."""

Role = Literal["administrator", "therapist"]


@dataclass(frozen=True, kw_only=True)
class AccountPerson:
    """Whose account it is."""

    email: str


@dataclass(frozen=True, kw_only=True)
class WorkPlace:
    """What somebody is at one clinic."""

    clinic: str
    role: Role
    practitioner: str | None
    """The key of their own calendar."""
    accepted: bool
    """False while they have not answered the clinic's invitation."""


@dataclass(frozen=True, kw_only=True)
class AccountState:
    """An account. Subject: its id; version: its revision. Its `clinic` is that whose administrator changed it."""

    account: str
    clinics: tuple[WorkPlace, ...]
    person: Annotated[str, Seals(AccountPerson)]


EVENTS: Mapping[str, type] = {
    ACCOUNT_ADDED: AccountState,
    ACCOUNT_CHANGED: AccountState,
    ACCOUNT_REMOVED: AccountState,
}
"""What each event's `data` holds."""


def revision_name(account: str) -> str:
    """Return the name under which an account's revision is announced (`shared.clinic_documents.Revisions`)."""
    return f"account:{account}"

"""What staff shows others: its RPC methods and its events.

An account is a person, who works at one clinic or at several. Administrators of a clinic see of it
`{id, email, role, practitioner, state: active|invited, changeable, two_step, version}`: `role` and `practitioner` are
those that it has at their clinic, `changeable` says whether they may set its email and password, since it works nowhere
else.

`log_in(email, password, code?)` returns `{account, email, clinics, revision, two_step}`: `clinics` is a list of
`{clinic, role, practitioner}`, or null for the administrator of the installation, whose `account` is null too. So do
`change_password(old, new)`, `confirm_two_step(code)`, with `recovery_codes` besides, and `end_two_step(code)`, since
all sessions have ended. `begin_two_step(password)` returns `{secret, uri}` for an authenticator app.
`open_reset(token)` returns `{email, purpose: reset|invitation, clinic}` of a link that opens, `reset(token, password)`
the `{email}` of whose password it is now.

A feed is a practitioner's calendar for a calendar program: `{id, practitioner, names, email, own, created_at,
fetched_at}`; who makes one is told its `token`, this once, by which `open_calendar_feed(token)` returns `{feed, clinic,
practitioner, names, language}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from shared.contracts.plain import Seals

SERVICE = "staff"

METHODS = (
    "log_in", "accounts", "add_account", "update_account", "remove_account",
    "change_password", "begin_two_step", "confirm_two_step", "end_two_step", "recovery_codes",
    "calendar_feeds", "add_calendar_feed", "remove_calendar_feed", "open_calendar_feed", "ask_reset", "open_reset",
    "reset", "ping",
)  # fmt: skip

ACCOUNT_ADDED = "AccountAdded"
"""Somebody has access for the first time."""
ACCOUNT_CHANGED = "AccountChanged"
"""Where somebody works, as what, or what proves them, is another: whoever was logged in by it is so no more. Or where
they are invited, which ends nothing."""
ACCOUNT_REMOVED = "AccountRemoved"
"""Somebody has access nowhere any more."""

RESET_ASKED = "ResetAsked"
"""Somebody wants a new password; whether anybody has the address is found out by whoever hears of it."""
LINK_ISSUED = "LinkIssued"
"""A link by which somebody chooses a password is to be sent to them."""

NO_CLINIC = "*"
"""The `clinic` of events about what is a person's own."""

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
    """An account. Subject: its id; version: its revision, which invitations leave as it is.

    Its `clinic` is that whose administrator changed it.
    """

    account: str
    clinics: tuple[WorkPlace, ...]
    person: Annotated[str, Seals(AccountPerson)]


@dataclass(frozen=True, kw_only=True)
class LinkPerson:
    """Whom it is for."""

    email: str
    language: str | None
    """What they read; null: as the clinic writes."""


@dataclass(frozen=True, kw_only=True)
class AskedReset:
    """A wish for a new password. Subject: an id of its own; version: 1. It is no clinic's: `*`."""

    person: Annotated[str, Seals(LinkPerson)]


@dataclass(frozen=True, kw_only=True)
class AccountLink:
    """A link, which is derived from its id and the key of links (`shared.links.password_token`).

    Subject: its id; version: 1. Its `clinic` invites, or is one where the account works.
    """

    link: str
    purpose: Literal["reset", "invitation"]
    until: datetime
    """When it opens no more."""
    person: Annotated[str, Seals(LinkPerson)]


EVENTS: Mapping[str, type] = {
    ACCOUNT_ADDED: AccountState,
    ACCOUNT_CHANGED: AccountState,
    ACCOUNT_REMOVED: AccountState,
    RESET_ASKED: AskedReset,
    LINK_ISSUED: AccountLink,
}
"""What each event's `data` holds."""


def revision_name(account: str) -> str:
    """Return the name under which an account's revision is announced (`shared.clinic_documents.Revisions`)."""
    return f"account:{account}"

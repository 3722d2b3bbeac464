"""Logging in: who has the password of an account that works somewhere (PRODUCT C4)."""

from collections.abc import Mapping
from typing import Any

from services.staff.handlers.desk import Desk
from services.staff.model.accounts import Account, email_key
from shared.contracts.errors import WrongLogin

View = dict[str, Any]


def log_in(desk: Desk, fields: Mapping[str, Any]) -> View:
    """Return who has logged in; raise WrongLogin, after the same work whether the address is known or not.

    The account's revision is announced here too, so that a session never waits for an announcement that was lost.
    """
    email, password = fields["email"], fields["password"]
    with desk.work.reading() as store:
        account = store.by_email(email_key(email))
    hashed = _hash_of(desk, account, email)
    if not desk.passwords.matches(hashed, password):
        raise WrongLogin.because("The email or the password is wrong.")
    if desk.installer.has(email) or account is None:
        return {"account": None, "email": desk.installer.email, "clinics": None, "revision": 0}
    return logged_in(desk, account)


def logged_in(desk: Desk, account: Account) -> View:
    """Return who somebody is, for a session that begins now and lasts until the account is changed."""
    desk.announce(account)
    return {
        "account": account.id,
        "email": account.email,
        "clinics": [_place(each.clinic, each.role, each.practitioner) for each in account.clinics],
        "revision": account.revision,
    }


def _hash_of(desk: Desk, account: Account | None, email: str) -> str | None:
    """Return the hash of the password that opens for an address; None where nothing does."""
    if desk.installer.has(email):
        return desk.installer.password_hash
    return account.password_hash if account is not None and account.clinics else None


def _place(clinic: str, role: str, practitioner: str | None) -> View:
    return {"clinic": clinic, "role": role, "practitioner": practitioner}

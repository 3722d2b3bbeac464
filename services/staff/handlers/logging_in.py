"""Logging in: who has the password of an account that works somewhere (PRODUCT C4)."""

from collections.abc import Mapping
from typing import Any

from services.staff.credentials.authenticator import step_of
from services.staff.handlers.desk import Desk
from services.staff.model.accounts import Account, email_key
from services.staff.model.two_step import INSTALLATION, TwoStep, plain_code
from services.staff.store import StaffStore
from shared.contracts.errors import CodeRequired, WrongLogin
from shared.sealed import keyed_hash

View = dict[str, Any]


WRONG_CODE = "The code is wrong or no longer valid."


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
        return installer_logged_in(desk, two_step=_second_step(desk, INSTALLATION, fields.get("code")))
    return logged_in(desk, account, two_step=_second_step(desk, account.id, fields.get("code")))


def installer_logged_in(desk: Desk, *, two_step: bool) -> View:
    """Return the administrator of the environment, for a session that begins now."""
    return {"account": None, "email": desk.installer.email, "clinics": None, "revision": 0, "two_step": two_step}


def logged_in(desk: Desk, account: Account, *, two_step: bool) -> View:
    """Return who somebody is, for a session that begins now and lasts until the account is changed."""
    desk.announce(account)
    return {
        "account": account.id,
        "email": account.email,
        "clinics": [_place(each.clinic, each.role, each.practitioner) for each in account.clinics],
        "revision": account.revision,
        "two_step": two_step,
    }


def spend(desk: Desk, store: StaffStore, two_step: TwoStep, code: str) -> bool:
    """Tell whether `code` proves the second step, and let it never do so again; `two_step` is locked."""
    typed = plain_code(code)
    step = step_of(desk.keys.people.open(two_step.secret), typed, two_step.steps(desk.now))
    if step is not None:
        store.put_two_step(two_step.used(step))
        return True
    hashes = [_hash_of_code(key, two_step.owner, typed) for key in desk.keys.every_lookup]
    return two_step.confirmed and store.use_recovery_code(two_step.owner, hashes)


def hash_of_code(desk: Desk, owner: str, code: str) -> str:
    """Return what somebody's recovery code is found by."""
    return _hash_of_code(desk.keys.lookup, owner, code)


def _hash_of_code(key: str, owner: str, code: str) -> str:
    return keyed_hash(key, "recovery", owner, plain_code(code))


def wrong_code() -> Exception:
    """Return the refusal of a code; who counts tries learns from it that it was the code, and no password."""
    return WrongLogin.because(WRONG_CODE, step="code")


def _second_step(desk: Desk, owner: str, code: str | None) -> bool:
    """Tell whether somebody has proven a second step, False where they have none; raise CodeRequired, WrongLogin."""
    with desk.work.reading() as store:
        known = store.two_step(owner)
    if known is None or not known.confirmed:
        return False
    if code is None:
        raise CodeRequired.because("Enter the code that your authenticator app shows.")
    with desk.work() as store:
        two_step = store.two_step(owner, to_change=True)
        if two_step is None or not spend(desk, store, two_step, code):
            raise wrong_code()
    return True


def _hash_of(desk: Desk, account: Account | None, email: str) -> str | None:
    """Return the hash of the password that opens for an address; None where nothing does."""
    if desk.installer.has(email):
        return desk.installer.password_hash
    return account.password_hash if account is not None and account.clinics else None


def _place(clinic: str, role: str, practitioner: str | None) -> View:
    return {"clinic": clinic, "role": role, "practitioner": practitioner}

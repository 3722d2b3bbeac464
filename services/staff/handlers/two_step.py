"""Logging in by two steps: begun, confirmed and ended by whose it is (PRODUCT C4)."""

from collections.abc import Iterable
from typing import Any

from services.staff.credentials.authenticator import address_for_app, new_secret
from services.staff.handlers.desk import Desk
from services.staff.handlers.logging_in import (
    View,
    hash_of_code,
    installer_logged_in,
    logged_in,
    spend,
    wrong_code,
)
from services.staff.handlers.own import own
from services.staff.model.accounts import Account
from services.staff.model.refusals import NO_TWO_STEP, TWO_STEP_OFF, TWO_STEP_ON, TWO_STEP_REQUIRED
from services.staff.model.two_step import INSTALLATION, TwoStep, new_recovery_codes
from services.staff.store import StaffStore
from shared.contracts.errors import FunctionOff, Invalid, NotFound, WrongLogin
from shared.contracts.staff import ACCOUNT_CHANGED, NO_CLINIC


def begin_two_step(desk: Desk, password: str) -> View:
    """Return `{secret, uri}` for the app of whoever acts; nobody is asked for its codes before one was confirmed.

    Raises WrongLogin for a wrong password, FunctionOff where all their clinics have it off, Invalid where it is on.
    """
    with desk.work.reading() as store:
        account = _account(desk, store)
    hashed = desk.installer.password_hash if account is None else account.password_hash
    if not desk.passwords.matches(hashed, password):
        raise WrongLogin.because("The password is wrong.")
    if account is not None and set(_wishes(desk, account)) == {"off"}:
        raise FunctionOff.because(TWO_STEP_OFF)
    secret = new_secret()
    with desk.work() as store:
        store.one_at_a_time([_owner(account)])
        known = store.two_step(_owner(account), to_change=True)
        if known is not None and known.confirmed:
            raise Invalid.because(TWO_STEP_ON, errors={"password": [TWO_STEP_ON]})
        store.put_two_step(TwoStep(_owner(account), desk.keys.people.seal(secret)))
    return {"secret": secret, "uri": address_for_app(secret, str(desk.actor.id))}


def confirm_two_step(desk: Desk, code: str) -> View:
    """Let logins take two steps from now on; return who acts, as `log_in` does, with `recovery_codes`, shown this once.

    All their sessions have ended. Raises WrongLogin for a code that the app does not show now.
    """
    codes = new_recovery_codes()
    with desk.work() as store:
        account = _account(desk, store, to_change=True)
        if not spend(desk, store, _present(store, _owner(account)), code):
            raise wrong_code()
        store.put_recovery_codes(_owner(account), [hash_of_code(desk, _owner(account), each) for each in codes])
        account = _told(desk, store, account)
    return {**_logged_in(desk, account, two_step=True), "recovery_codes": codes}


def end_two_step(desk: Desk, code: str) -> View:
    """Let logins take one step again; return who acts, as `log_in` does: all their sessions have ended.

    `code` is the app's or a recovery code. Raises WrongLogin, FunctionOff where a clinic of theirs requires two steps.
    """
    with desk.work.reading() as store:
        account = _account(desk, store)
    if account is not None and "required" in _wishes(desk, account):
        raise FunctionOff.because(TWO_STEP_REQUIRED)
    with desk.work() as store:
        account = _account(desk, store, to_change=True)
        _require_code(desk, store, _owner(account), code)
        store.end_two_step(_owner(account))
        account = _told(desk, store, account)
    return _logged_in(desk, account, two_step=False)


def recovery_codes(desk: Desk, code: str) -> View:
    """Return new `recovery_codes` in the place of those before, shown this once; raise WrongLogin."""
    codes = new_recovery_codes()
    with desk.work() as store:
        owner = _owner(_account(desk, store))
        _require_code(desk, store, owner, code)
        store.put_recovery_codes(owner, [hash_of_code(desk, owner, each) for each in codes])
    return {"recovery_codes": codes}


def _require_code(desk: Desk, store: StaffStore, owner: str, code: str) -> None:
    two_step = _present(store, owner)
    if not two_step.confirmed:
        raise NotFound.because(NO_TWO_STEP)
    if not spend(desk, store, two_step, code):
        raise wrong_code()


def _present(store: StaffStore, owner: str) -> TwoStep:
    found = store.two_step(owner, to_change=True)
    if found is None:
        raise NotFound.because(NO_TWO_STEP)
    return found


def _account(desk: Desk, store: StaffStore, *, to_change: bool = False) -> Account | None:
    """Return the account of whoever acts; None for the administrator of the environment, who has none."""
    return None if desk.installer.has(str(desk.actor.id)) else own(desk, store, to_change=to_change)


def _owner(account: Account | None) -> str:
    return INSTALLATION if account is None else account.id


def _told(desk: Desk, store: StaffStore, account: Account | None) -> Account | None:
    """Let an account's sessions end, since what proves its person is another."""
    if account is None:
        return None
    changed = account.proven_otherwise()
    store.replace(changed)
    desk.tell(store, ACCOUNT_CHANGED, NO_CLINIC, changed)
    return changed


def _logged_in(desk: Desk, account: Account | None, *, two_step: bool) -> View:
    if account is None:
        return installer_logged_in(desk, two_step=two_step)
    return logged_in(desk, account, two_step=two_step)


def _wishes(desk: Desk, account: Account) -> Iterable[Any]:
    """Return what each clinic at which somebody works says of two-step login: off, optional or required."""
    return [desk.document(each.clinic)["two_step"]["staff"] for each in account.clinics]

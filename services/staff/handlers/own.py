"""What is somebody's own: their password (PRODUCT C4)."""

from collections.abc import Mapping
from typing import Any

from services.staff.handlers.desk import Desk
from services.staff.handlers.logging_in import View, logged_in
from services.staff.model.accounts import Account, email_key, password_problem
from services.staff.model.refusals import IN_ENVIRONMENT
from services.staff.store import StaffStore
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, WrongLogin
from shared.contracts.staff import ACCOUNT_CHANGED, NO_CLINIC


def change_password(desk: Desk, fields: Mapping[str, Any]) -> View:
    """Give whoever acts the password `new` and return who they are, as `log_in` does: all their sessions have ended.

    Raises Invalid for a password that is none, before the `old` one is looked at; WrongLogin where that is wrong;
    Forbidden for the installation's administrator.
    """
    email, new = str(desk.actor.id), fields["new"]
    if desk.installer.has(email):
        raise Forbidden.because(IN_ENVIRONMENT)
    if problem := password_problem(new, email):
        raise Invalid.because(problem, errors={"new": [problem]})
    with desk.work.reading() as store:
        known = own(desk, store)
    if not desk.passwords.matches(known.password_hash, fields["old"]):
        raise WrongLogin.because("The old password is wrong.")
    hashed = desk.passwords.hash(new)
    with desk.work() as store:
        account = own(desk, store, to_change=True)
        if account.password_hash != known.password_hash:
            raise WrongLogin.because("The old password is no longer right.")
        account = account.with_password(hashed)
        store.replace(account)
        store.drop_resets(account.id)
        desk.tell(store, ACCOUNT_CHANGED, NO_CLINIC, account)
        two_step = account.id in store.has_two_step([account.id])
    return logged_in(desk, account, two_step=two_step)


def own(desk: Desk, store: StaffStore, *, to_change: bool = False) -> Account:
    """Return the account of whoever acts; raise LoginRequired where it is gone meanwhile."""
    account = store.by_email(email_key(str(desk.actor.id)), to_change=to_change)
    if account is None:
        raise LoginRequired.because("This account is gone.")
    return account

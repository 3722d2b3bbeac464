"""The accounts of a clinic, for its administrators (PRODUCT C1)."""

from collections.abc import Mapping
from typing import Any

from services.staff.handlers.desk import Desk
from services.staff.handlers.feeds import end_feeds
from services.staff.handlers.links import issue
from services.staff.model.accounts import Account, Membership, email_key, password_problem
from services.staff.model.refusals import (
    ADDRESS_TAKEN,
    NO_SUCH_PRACTITIONER,
    NOT_THEIRS,
    OF_INSTALLATION,
    THERE_ALREADY,
    TOO_MANY_LINKS,
    WITHOUT_CALENDAR,
)
from services.staff.store import StaffStore
from shared.contracts.errors import ChangedMeanwhile, Forbidden, Invalid, NotFound
from shared.contracts.staff import ACCOUNT_ADDED, ACCOUNT_CHANGED, ACCOUNT_REMOVED
from shared.identity.emails import normal_email
from shared.ids import is_id, new_id
from shared.incoming.paging import no_such_page, page

Fields = Mapping[str, Any]
View = dict[str, Any]


def accounts(desk: Desk, clinic: str, asked: Fields) -> View:
    """Return `{accounts, next}`: a page of those who work at the clinic or are invited to, by their address."""
    desk.document(clinic)
    limit, cursor = asked["limit"], asked["cursor"]
    with desk.work.reading() as store:
        after = store.get(cursor) if cursor else None
        if cursor and after is None:
            raise no_such_page()
        found = store.of_clinic(clinic, after, limit + 1)
        by_two_steps = store.has_two_step([each.id for each in found])

    def show(account: Account) -> View:
        return _shown(account, clinic, two_step=account.id in by_two_steps)

    return page("accounts", found, limit, show=show, cursor=lambda each: each.id)


def add_account(desk: Desk, clinic: str, fields: Fields) -> View:
    """Let somebody work at the clinic and return their account as the clinic sees it; raise Invalid, NotFound.

    Who is known at another clinic already is invited by email, since their account is their own, and `password` is not
    looked at; so is who gets none. All others can log in with it at once. Who was invited and has not answered is
    invited once more.
    """
    email, password = _email(desk, fields["email"]), fields.get("password")
    _refuse_practitioner(desk, clinic, fields["role"], fields.get("practitioner"))
    hashed = _hashed(desk, password, email) if password is not None else None
    membership = Membership(clinic, fields["role"], fields.get("practitioner"), accepted=False)
    with desk.work() as store:
        store.one_at_a_time([email_key(email)])
        known = store.by_email(email_key(email), to_change=True)
        if known is not None:
            account = _with_another_clinic(desk, store, known, membership)
        else:
            account = Account(new_id(), email, desk.now, (membership,))
            if hashed is not None:
                account = _opened(account, hashed)
            store.add(account)
            desk.tell(store, ACCOUNT_ADDED, clinic, account)
            if hashed is None:
                _invite(desk, store, account, clinic)
        two_step = account.id in store.has_two_step([account.id])
    desk.announce(account)
    return _shown(account, clinic, two_step=two_step)


def update_account(desk: Desk, clinic: str, id: str, fields: Fields) -> View:
    """Change what somebody is at the clinic and, where they work nowhere else, their email and password.

    Returns the account as the clinic sees it. Its sessions have ended, unless the clinic has only invited it. Raises
    Invalid, Forbidden where those are not the clinic's to change, NotFound, ChangedMeanwhile where `version` is old.
    """
    desk.document(clinic)
    email = _email(desk, fields["email"]) if "email" in fields else None
    with desk.work.reading() as store:
        before = _present(store, clinic, id)
    hashed = _hashed(desk, fields["password"], email or before.email) if "password" in fields else None
    with desk.work() as store:
        before = _present(store, clinic, id, to_change=True)
        if fields.get("version") not in (None, before.revision):
            raise ChangedMeanwhile.because("Somebody changed this account meanwhile; look again.")
        account = _with_secrets(store, _with_role(desk, before, clinic, fields), clinic, email, hashed)
        if fields.get("two_step") is False:
            account = _by_one_step(store, account, clinic)
        if account != before:
            store.replace(account)
            end_feeds(store, account)
            if account.email_key != before.email_key and not account.clinics:
                _invite(desk, store, account, clinic)
            desk.tell(store, ACCOUNT_CHANGED, clinic, account)
        two_step = account.id in store.has_two_step([account.id])
    desk.announce(account)
    return _shown(account, clinic, two_step=two_step)


def remove_account(desk: Desk, clinic: str, id: str) -> None:
    """Let somebody work at the clinic no more; where they work nowhere else, their account is gone. Raises NotFound."""
    with desk.work() as store:
        account = _present(store, clinic, id, to_change=True).without(clinic)
        if account.memberships:
            store.replace(account)
            end_feeds(store, account)
            desk.tell(store, ACCOUNT_CHANGED, clinic, account)
        else:
            store.remove(account)
            desk.tell(store, ACCOUNT_REMOVED, clinic, account)
    desk.announce(account)


def _with_another_clinic(desk: Desk, store: StaffStore, known: Account, membership: Membership) -> Account:
    """Invite somebody who has an account, once more where they were; raise Invalid where they work there already."""
    now = known.at(membership.clinic)
    if now is not None and now.accepted:
        raise _wrong("email", THERE_ALREADY)
    account = known.with_membership(membership)
    store.replace(account)
    desk.tell(store, ACCOUNT_CHANGED, membership.clinic, account)
    _invite(desk, store, account, membership.clinic)
    return account


def _invite(desk: Desk, store: StaffStore, account: Account, clinic: str) -> None:
    if not issue(desk, store, account, "invitation", clinic, language=None):
        raise _wrong("email", TOO_MANY_LINKS)


def _with_role(desk: Desk, account: Account, clinic: str, fields: Fields) -> Account:
    now = account.at(clinic)
    if now is None or not {"role", "practitioner"} & fields.keys():
        return account
    role, practitioner = fields.get("role", now.role), fields.get("practitioner", now.practitioner) or None
    _refuse_practitioner(desk, clinic, role, practitioner)
    changed = Membership(clinic, role, practitioner, now.accepted)
    return account if changed == now else account.with_membership(changed)


def _with_secrets(store: StaffStore, account: Account, clinic: str, email: str | None, hashed: str | None) -> Account:
    if email == account.email:
        email = None
    if (email is not None or hashed is not None) and not account.is_of_one_clinic(clinic):
        raise Forbidden.because(NOT_THEIRS)
    if email is not None:
        store.one_at_a_time([email_key(email)])
        other = store.by_email(email_key(email))
        if other is not None and other.id != account.id:
            raise _wrong("email", ADDRESS_TAKEN)
        account = account.with_email(email)
    if hashed is None:
        return account
    store.drop_resets(account.id)
    return _opened(account, hashed)


def _by_one_step(store: StaffStore, account: Account, clinic: str) -> Account:
    """Let somebody log in by one step who has lost their app and its codes."""
    if not account.is_of_one_clinic(clinic):
        raise Forbidden.because(NOT_THEIRS)
    if account.id not in store.has_two_step([account.id]):
        return account
    store.end_two_step(account.id)
    return account.proven_otherwise()


def _opened(account: Account, hashed: str) -> Account:
    """Return the account of one clinic with a password from its administrator, by which its person works there."""
    opened = account.with_password(hashed)
    return opened if opened.clinics else opened.accepting([each.clinic for each in opened.memberships])


def _present(store: StaffStore, clinic: str, id: str, *, to_change: bool = False) -> Account:
    account = store.get(id, to_change=to_change) if is_id(id) else None
    if account is None or account.at(clinic) is None:
        raise NotFound.because("The clinic has no such account.")
    return account


def _email(desk: Desk, text: str) -> str:
    try:
        email = normal_email(text)
    except ValueError as wrong:
        raise _wrong("email", str(wrong)) from None
    if desk.installer.has(email):
        raise _wrong("email", OF_INSTALLATION)
    return email


def _hashed(desk: Desk, password: str, email: str) -> str:
    if problem := password_problem(password, email):
        raise _wrong("password", problem)
    return desk.passwords.hash(password)


def _refuse_practitioner(desk: Desk, clinic: str, role: str, practitioner: str | None) -> None:
    """Raise Invalid unless a therapist has a calendar of the clinic, and an administrator one or none."""
    known = {each["key"] for each in desk.document(clinic)["practitioners"]}
    if practitioner is None and role == "therapist":
        raise _wrong("practitioner", WITHOUT_CALENDAR)
    if practitioner is not None and practitioner not in known:
        raise _wrong("practitioner", NO_SUCH_PRACTITIONER)


def _wrong(field: str, text: str) -> Exception:
    return Invalid.because(text, errors={field: [text]})


def _shown(account: Account, clinic: str, *, two_step: bool) -> View:
    """Return the account as the administrators of a clinic see it; where else somebody works is not their business."""
    here = account.at(clinic)
    if here is None:
        raise NotFound.because("The clinic has no such account.")
    return {
        "id": account.id,
        "email": account.email,
        "role": here.role,
        "practitioner": here.practitioner,
        "state": "active" if here.accepted else "invited",
        "changeable": account.is_of_one_clinic(clinic),
        "two_step": two_step,
        "version": account.revision,
    }

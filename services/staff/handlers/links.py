"""New passwords by email: what is asked for, sent, and chosen (PRODUCT C4, CONTRACTS 2a)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from services.staff.handlers.desk import Desk
from services.staff.model.accounts import Account, email_key, password_problem
from services.staff.model.links import LIVES, MOST_IN_AN_HOUR, Link, Purpose
from services.staff.model.refusals import LINK_IS_OVER
from services.staff.model.told import AskedFor, ResetTold
from services.staff.store import StaffStore
from shared.bus.events.effects import Effect
from shared.contracts.envelope import Event
from shared.contracts.errors import Gone, Invalid
from shared.contracts.plain import plain
from shared.contracts.staff import (
    ACCOUNT_CHANGED,
    LINK_ISSUED,
    NO_CLINIC,
    RESET_ASKED,
    AccountLink,
    AskedReset,
    LinkPerson,
)
from shared.ids import new_id
from shared.links import password_link_of

View = dict[str, Any]


def ask_reset(desk: Desk, fields: Mapping[str, Any]) -> None:
    """Note that somebody wants a new password: the same work and answer whether anybody has the address."""
    person = LinkPerson(email=fields["email"], language=fields.get("language"))
    asked = AskedReset(person=desk.keys.people.seal(plain(person)))
    with desk.work() as store:
        store.publish(desk.event(RESET_ASKED, NO_CLINIC, new_id(), 1, asked))


def issue_resets(desk: Desk, events: Sequence[Event]) -> Effect[tuple[Event, AskedFor]]:
    """Send links to those who have an account that works somewhere; of all others nothing follows."""
    asked = [(event, (event, _asked_for(desk, event))) for event in events]
    return Effect(asked, partial(_issue_resets, desk))


def issue(desk: Desk, store: StaffStore, account: Account, purpose: Purpose, clinic: str, language: str | None) -> bool:
    """Let a link be sent to an account's address; False where it has had as many within the hour as it gets."""
    if store.links_since(account.id, purpose, desk.now - timedelta(hours=1)) >= MOST_IN_AN_HOUR:
        return False
    invites = clinic if purpose == "invitation" else None
    link = Link(new_id(), account.id, purpose, invites, account.email_key, desk.now, desk.now + LIVES[purpose])
    store.add_link(link)
    person = desk.keys.people.seal(plain(LinkPerson(email=account.email, language=language)))
    told = AccountLink(link=link.id, purpose=purpose, until=link.until, person=person)
    store.publish(desk.event(LINK_ISSUED, clinic, link.id, 1, told))
    return True


def open_reset(desk: Desk, token: str) -> View:
    """Return `{email, purpose, clinic}` of a link that opens; raise Gone for every other."""
    with desk.work.reading() as store:
        link, account = _opened(desk, store, token)
    return {"email": account.email, "purpose": link.purpose, "clinic": link.clinic}


def reset(desk: Desk, token: str, password: str) -> View:
    """Give the account of a link a password of its person's own, and let it work where it was invited by the link.

    Returns its `{email}`. All its sessions have ended, and its other links for a forgotten password open no more.
    Raises Gone, and Invalid for a password that is none; the link then opens once more.
    """
    with desk.work.reading() as store:
        _, account = _opened(desk, store, token)
    if problem := password_problem(password, account.email):
        raise Invalid.because(problem, errors={"password": [problem]})
    hashed = desk.passwords.hash(password)
    with desk.work() as store:
        link, account = _opened(desk, store, token, to_change=True)
        account = account.with_password(hashed)
        if link.clinic is not None:
            account = account.accepting([link.clinic])
        store.use_link(link)
        store.replace(account)
        desk.tell(store, ACCOUNT_CHANGED, NO_CLINIC, account)
    desk.announce(account)
    return {"email": account.email}


def forget_links(desk: Desk) -> None:
    """Drop the links that open no more."""
    with desk.work() as store:
        store.drop_links(desk.now)


def _issue_resets(desk: Desk, store: StaffStore, asked: Sequence[tuple[Event, AskedFor]]) -> None:
    for event, person in asked:
        account = store.by_email(email_key(person.email), to_change=True)
        if account is not None and account.clinics:
            clinic = account.clinics[0].clinic
            issue(desk.because_of(event), store, account, "reset", clinic, person.language)


def _asked_for(desk: Desk, event: Event) -> AskedFor:
    return AskedFor.read(desk.keys.people.open(ResetTold.read(event.data).person))


def _opened(desk: Desk, store: StaffStore, token: str, *, to_change: bool = False) -> tuple[Link, Account]:
    """Return a link that opens, and its account, alone with both where something is `to_change`; raise Gone."""
    id = password_link_of(desk.keys.links, token)
    link = store.link(id) if id else None
    account = store.get(link.account, to_change=to_change) if link else None
    if to_change and id:  # whoever was first has used it while this one waited for the account
        link = store.link(id)
    if link is None or account is None or not link.opens(account, desk.now):
        raise Gone.because(LINK_IS_OVER)
    return link, account

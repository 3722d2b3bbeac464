"""Practitioners' calendars for calendar programs: made, shown, revoked and opened (PRODUCT C16)."""

from collections.abc import Mapping
from typing import Any

from services.staff.handlers.desk import Desk
from services.staff.handlers.logging_in import View
from services.staff.handlers.own import own
from services.staff.model.accounts import Account, email_key
from services.staff.model.feeds import MOST_OF_ACCOUNT, Feed
from services.staff.model.refusals import (
    NO_FEED,
    NO_FEED_OF_INSTALLATION,
    NO_FEED_OF_TOOLS,
    NO_SUCH_PRACTITIONER,
    NOT_THEIR_CALENDAR,
    TOO_MANY_FEEDS,
)
from services.staff.store import StaffStore
from shared.contracts.errors import Forbidden, Gone, Invalid, NotFound
from shared.ids import is_id, new_id
from shared.links import feed_of, feed_token


def calendar_feeds(desk: Desk, clinic: str) -> View:
    """Return `{feeds}` of the clinic's calendars, the oldest first: all for administrators, for a therapist their own.

    None tells its token, which is shown once.
    """
    desk.document(clinic)
    with desk.work.reading() as store:
        found = store.feeds_of_clinic(clinic)
        owners = store.of_ids({feed.account for feed in found})
    mine = [(feed, owners[feed.account]) for feed in found if feed.account in owners]
    return {"feeds": [_shown(desk, feed, owner) for feed, owner in mine if _may_see(desk, owner)]}


def add_calendar_feed(desk: Desk, clinic: str, fields: Mapping[str, Any]) -> View:
    """Make a feed of a practitioner's calendar that belongs to whoever acts; return it with its `token`, this once.

    Raises NotFound, Invalid for a practitioner whom there is not or one feed too many, Forbidden for another's calendar
    and for who has no account.
    """
    _refuse_without_account(desk)
    practitioner = fields["practitioner"]
    if practitioner not in {each["key"] for each in desk.document(clinic)["practitioners"]}:
        raise Invalid.because(NO_SUCH_PRACTITIONER, errors={"practitioner": [NO_SUCH_PRACTITIONER]})
    with desk.work() as store:
        account = own(desk, store, to_change=True)
        feed = Feed(new_id(), account.id, clinic, practitioner, fields["names"], fields["language"], desk.now)
        if not feed.is_still_for(account):
            raise Forbidden.because(NOT_THEIR_CALENDAR)
        if sum(each.clinic == clinic for each in store.feeds_of_account(account.id)) >= MOST_OF_ACCOUNT:
            raise Invalid.because(TOO_MANY_FEEDS)
        store.add_feed(feed)
    return {**_shown(desk, feed, account), "token": feed_token(desk.keys.link, feed.id)}


def remove_calendar_feed(desk: Desk, clinic: str, id: str) -> None:
    """Revoke a feed: whoever fetches it next is refused. Raises NotFound, also for one that is not theirs to see."""
    with desk.work() as store:
        feed = store.feed(id) if is_id(id) else None
        owner = store.get(feed.account) if feed else None
        if feed is None or owner is None or feed.clinic != clinic or not _may_see(desk, owner):
            raise NotFound.because(NO_FEED)
        store.drop_feeds([feed.id])


def open_calendar_feed(desk: Desk, token: str) -> View:
    """Return `{feed, clinic, practitioner, names, language}` of a feed that is fetched, and note that it was.

    Raises NotFound for what is no token; Gone for a feed that was revoked or whose owner may not see that calendar any
    more.
    """
    id = feed_of(desk.keys.links, token)
    if id is None:
        raise NotFound.because(NO_FEED)
    with desk.work.reading() as store:
        feed = store.feed(id)
        owner = store.get(feed.account) if feed else None
    if feed is None or owner is None or not feed.is_still_for(owner):
        raise Gone.because(NO_FEED)
    if feed.is_to_be_noted(desk.now):
        with desk.work() as store:
            store.note_fetched(feed.id, desk.now)
    return {
        "feed": feed.id,
        "clinic": feed.clinic,
        "practitioner": feed.practitioner,
        "names": feed.names,
        "language": feed.language,
    }


def end_feeds(store: StaffStore, account: Account) -> None:
    """Drop those of an account's feeds that its owner may not see any more, for good: being let in anew opens none."""
    store.drop_feeds([each.id for each in store.feeds_of_account(account.id) if not each.is_still_for(account)])


def _refuse_without_account(desk: Desk) -> None:
    if desk.actor.kind != "staff":
        raise Forbidden.because(NO_FEED_OF_TOOLS)
    if desk.installer.has(str(desk.actor.id)):
        raise Forbidden.because(NO_FEED_OF_INSTALLATION)


def _is_own(desk: Desk, owner: Account) -> bool:
    return desk.actor.kind == "staff" and owner.email_key == email_key(str(desk.actor.id))


def _may_see(desk: Desk, owner: Account) -> bool:
    """Tell whether whoever acts sees an account's feeds at their clinic: administrators and tools everybody's."""
    return desk.actor.kind != "staff" or desk.actor.role == "administrator" or _is_own(desk, owner)


def _shown(desk: Desk, feed: Feed, owner: Account) -> View:
    return {
        "id": feed.id,
        "practitioner": feed.practitioner,
        "names": feed.names,
        "email": owner.email,
        "own": _is_own(desk, owner),
        "created_at": feed.created_at.isoformat(),
        "fetched_at": None if feed.fetched_at is None else feed.fetched_at.isoformat(),
    }

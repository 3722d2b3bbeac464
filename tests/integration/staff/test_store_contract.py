"""What staff's store must promise, on PostgreSQL and on SQLite alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.staff.model.accounts import Account, Membership
from services.staff.model.feeds import Feed
from services.staff.model.links import Link
from services.staff.model.two_step import TwoStep
from services.staff.store import StaffStore
from tests.builders.staff.desks import NOW, Work
from tests.integration.store_contracts import not_called, waits

pytestmark = pytest.mark.both_databases

HOUR = timedelta(hours=1)
AT_SOLNA = Membership("solna", "therapist", "anna", accepted=True)
AT_LUND = Membership("lund", "administrator", None, accepted=False)


def an_account(id: str = "1", **changes: Any) -> Account:
    """Return the account of somebody at solna."""
    given = {"email": f"{id}@Solna.example", "created_at": NOW, "memberships": (AT_SOLNA,), **changes}
    return Account(id=id.rjust(32, "0"), **given)


def a_feed(id: str, owner: Account, **changes: Any) -> Feed:
    """Return a feed of Anna's calendar."""
    given = {"clinic": "solna", "practitioner": "anna", "names": True, "language": "fa", "created_at": NOW, **changes}
    return Feed(id=id.rjust(32, "0"), account=owner.id, **given)


def add(work: Work, *accounts: Account) -> None:
    """Write accounts."""
    with work() as store:
        for account in accounts:
            store.add(account)


def test_each_query_of_the_store_is_called_here() -> None:
    assert not_called(StaffStore, Path(__file__)) == set()


@pytest.mark.parametrize(
    "account",
    [
        an_account(),
        an_account(memberships=()),
        an_account(memberships=(AT_LUND, AT_SOLNA), password_hash="$argon2id$…", revision=9),
        an_account(email="Nüß@solna.example", created_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=1)),
    ],
)
def test_an_account_comes_back_as_it_was_written(work: Work, account: Account) -> None:
    add(work, account)
    with work.reading() as store:
        assert store.get(account.id) == account
        assert store.of_ids([account.id, "f" * 32]) == {account.id: account}
        assert store.by_email(account.email_key) == account
        assert store.by_email("nobody@solna.example") is None
        assert store.get("f" * 32) is None


def test_a_changed_account_takes_the_place_of_the_one_before(work: Work) -> None:
    add(work, an_account(), an_account("2"))
    after = an_account(email="other@solna.example", memberships=(AT_LUND,), revision=2)
    with work() as store:
        store.replace(after)
    with work.reading() as store:
        assert store.get(after.id) == after
        assert store.by_email("1@solna.example") is None
        assert store.of_clinic("solna", None, 9) == [an_account("2")]


def test_a_removed_account_leaves_nothing_and_its_address_free(work: Work) -> None:
    add(work, an_account(), an_account("2"))
    with work() as store:
        store.remove(an_account())
    with work.reading() as store:
        assert store.get(an_account().id) is None
        assert store.of_clinic("solna", None, 9) == [an_account("2")]
    add(work, an_account(memberships=()))


def test_no_two_accounts_have_one_address_however_it_is_written(work: Work) -> None:
    add(work, an_account())
    with pytest.raises(IntegrityError):
        add(work, an_account("2", email="1@SOLNA.example"))


def test_a_clinic_s_accounts_come_by_address_and_page_by_page(work: Work) -> None:
    of_lund = an_account("4", memberships=(AT_LUND,))
    add(
        work,
        an_account("3", email="C@x.example"),
        an_account("1", email="b@x.example"),
        of_lund,
        an_account("2", email="A@x.example"),
    )
    with work.reading() as store:
        first = store.of_clinic("solna", None, 2)
        assert [each.email for each in first] == ["A@x.example", "b@x.example"]
        assert [each.email for each in store.of_clinic("solna", first[-1], 2)] == ["C@x.example"]
        assert store.of_clinic("lund", None, 2) == [of_lund]
        assert store.of_clinic("visby", None, 2) == []


def test_who_changes_an_account_is_alone_with_it(work: Work) -> None:
    account = an_account()
    add(work, account)
    with work() as store:
        store.get(account.id, to_change=True)
        assert waits(work, lambda store: store.get(account.id, to_change=True))
        assert waits(work, lambda store: store.by_email(account.email_key, to_change=True))


def test_an_account_of_an_address_is_made_by_one_at_a_time(work: Work) -> None:
    with work() as store:
        store.one_at_a_time(["ann@solna.example"])
        assert store.by_email("ann@solna.example") is None
        assert waits(work, lambda store: store.one_at_a_time(["ann@solna.example"]))


def a_link(id: str, account: Account, **changes: Any) -> Link:
    """Return a link for a forgotten password, of now."""
    given = {"purpose": "reset", "clinic": None, "created_at": NOW, "until": NOW + HOUR, **changes}
    return Link(id.rjust(32, "0"), account.id, email_key=account.email_key, **given)


def left(store: StaffStore, *links: Link) -> list[str]:
    """Return which of these links there still are."""
    return [link.id[-1] for link in links if store.link(link.id) == link]


def test_links_come_back_are_counted_and_are_used_up(work: Work) -> None:
    account, other = an_account(), an_account("2")
    add(work, account, other)
    invitation = a_link("a", account, purpose="invitation", clinic="solna", until=NOW + 9 * HOUR)
    early, late = a_link("b", account, created_at=NOW - HOUR), a_link("c", account)
    theirs = a_link("d", other)
    everything = (invitation, early, late, theirs)
    with work() as store:
        for link in everything:
            store.add_link(link)
        assert left(store, *everything) == ["a", "b", "c", "d"]
        assert store.links_since(account.id, "reset", NOW - HOUR) == 1
        assert store.links_since(account.id, "invitation", NOW - HOUR) == 1
        assert store.links_since(other.id, "reset", NOW) == 0
    with work() as store:
        store.use_link(invitation)
        assert left(store, *everything) == ["d"], "whoever has a new password needs none of the other links"
    with work() as store:
        store.add_link(invitation)
        store.add_link(late)
        store.drop_resets(account.id)
        assert left(store, *everything) == ["a", "d"]
        store.drop_links(NOW + HOUR)
        assert left(store, *everything) == ["a"]
    with work() as store:
        store.remove(account)
        assert left(store, *everything) == []


def test_second_steps_and_their_codes_come_back_and_are_used_up(work: Work) -> None:
    account = an_account()
    add(work, account)
    begun = TwoStep(account.id, "sealed")
    confirmed = TwoStep(account.id, "sealed", confirmed=True, last_step=60_000_000_000)
    with work() as store:
        assert store.two_step(account.id) is None
        store.put_two_step(begun)
        assert store.two_step(account.id) == begun
        assert store.has_two_step([account.id]) == set()
        store.put_two_step(confirmed)
        store.put_two_step(TwoStep("installation", "other"))
        assert store.has_two_step([account.id, "installation"]) == {account.id}
    with work() as store:
        assert store.two_step(account.id, to_change=True) == confirmed
        assert waits(work, lambda store: store.two_step(account.id, to_change=True))
    with work() as store:
        store.put_recovery_codes(account.id, ["a", "b"])
        assert store.use_recovery_code(account.id, ["other", "a"])
        assert not store.use_recovery_code(account.id, ["a"])
        assert not store.use_recovery_code("installation", ["b"])
        store.put_recovery_codes(account.id, ["c"])
        assert not store.use_recovery_code(account.id, ["b"])
    with work() as store:
        store.end_two_step(account.id)
        assert not store.use_recovery_code(account.id, ["c"])
        assert store.two_step(account.id) is None
        store.put_two_step(confirmed)
        store.remove(account)
        assert store.two_step(account.id) is None
        assert store.two_step("installation") == TwoStep("installation", "other")


def test_feeds_come_back_as_they_were_written_and_go_with_their_account(work: Work) -> None:
    """PRODUCT C16."""
    owner = an_account()
    feeds = [a_feed(str(number), owner, created_at=NOW + number * HOUR) for number in (1, 2)]
    add(work, owner)
    with work() as store:
        for feed in reversed(feeds):
            store.add_feed(feed)
    with work() as store:
        assert store.feed(feeds[0].id) == feeds[0]
        assert store.feeds_of_clinic("solna") == store.feeds_of_account(owner.id) == feeds
        assert store.feeds_of_clinic("lund") == store.feeds_of_account("f" * 32) == []
        store.note_fetched(feeds[0].id, NOW + HOUR)
        store.drop_feeds([feeds[1].id])
        store.drop_feeds([])
    with work() as store:
        assert store.feeds_of_account(owner.id) == [replace(feeds[0], fetched_at=NOW + HOUR)]
        store.remove(owner)
        assert store.feed(feeds[0].id) is None

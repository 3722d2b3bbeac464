"""What was published stays for 14 days, and can go out once more."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from shared.bus.events.relay import KEPT, Relay
from shared.bus.events.republishing import publish_anew
from shared.storage.database import Database
from tests.contract.bus.services import Store
from tests.integration.bus.outbox.relays import NOW, FakeLink, publish


def test_published_and_taken_in_events_are_purged_after_14_days_and_waiting_ones_never(
    database: Database, relay: Relay
) -> None:
    old, recent, waiting = publish(database, "Told", "Told", "Told")
    long_ago, lately = NOW - KEPT - timedelta(seconds=1), NOW - KEPT + timedelta(seconds=1)
    with database.transaction() as connection:
        for event_id, moment in ((old, long_ago), (recent, lately)):
            published = update(Store.outbox).where(Store.outbox.c.event_id == event_id)
            connection.execute(published.values(published_at=moment))
            connection.execute(insert(Store.inbox).values(consumer="take", event_id=event_id, received_at=moment))
        connection.execute(insert(Store.inbox).values(consumer="other", event_id=old, received_at=lately))
    relay.purge()
    with database.reading() as connection:
        kept = set(connection.execute(select(Store.outbox.c.event_id)).scalars())
        taken = {tuple(row) for row in connection.execute(select(Store.inbox.c.consumer, Store.inbox.c.event_id))}
    assert kept == {recent, waiting}
    assert taken == {("take", recent), ("other", old)}


def aged(database: Database, event_id: str, **moments: datetime) -> None:
    """Let an event have happened, or been published, at another moment."""
    with database.transaction() as connection:
        connection.execute(update(Store.outbox).where(Store.outbox.c.event_id == event_id).values(**moments))


def test_what_happened_or_was_published_since_a_moment_goes_out_again(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    """Also what waited for the broker before that moment, and was published after it."""
    since = NOW - timedelta(days=2)
    over, waited, *lately = written = publish(database, *["Told"] * 4)
    relay.publish_all()
    for event_id in (over, waited):
        aged(database, event_id, created_at=NOW - timedelta(days=3))
    aged(database, over, published_at=NOW - timedelta(days=3))
    waiting = publish(database, "Told")
    assert publish_anew(database, Store.outbox, since, NOW) == 3
    assert relay.publish_all() == 4, "and what waits anyway"
    assert link.delivered == [*written, waited, *lately, *waiting]


def test_more_than_fits_a_transaction_goes_out_again_and_each_once(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    written = publish(database, *["Told"] * 2100)
    relay.publish_all()
    assert publish_anew(database, Store.outbox, NOW - timedelta(hours=1), NOW) == len(written)
    relay.publish_all()
    assert link.delivered == written + written


def test_what_inboxes_may_have_forgotten_never_goes_out_again(database: Database, relay: Relay, link: FakeLink) -> None:
    """However lately it was published: a bus in one process publishes the last days' events at each start."""
    written = publish(database, "Told", "Told")
    relay.publish_all()
    aged(database, written[0], created_at=NOW - KEPT)
    assert publish_anew(database, Store.outbox, NOW - 2 * KEPT, NOW) == 1
    relay.publish_all()
    assert link.delivered == [*written, written[1]]


def test_what_a_process_had_claimed_when_its_bus_forgot_goes_out_with_the_last_days_events(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    written = publish(database, "Told")
    link.trouble = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        relay.publish_all()
    link.trouble = None
    assert publish_anew(database, Store.outbox, NOW - timedelta(days=2), NOW) == 1
    relay.publish_all()
    assert link.delivered == written

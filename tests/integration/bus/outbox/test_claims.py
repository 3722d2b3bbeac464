"""What is to be published belongs to one relay at a time, and to another where that one is gone (ADR 22)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from shared.bus.events.outbox import CLAIM
from shared.bus.wires.link import BusLost
from shared.storage.database import Database
from tests.builders.clock import FakeClock
from tests.contract.bus.house import eventually
from tests.contract.bus.services import Store
from tests.integration.bus.conftest import NewHouse
from tests.integration.bus.outbox.relays import (
    NOW,
    ON_POSTGRESQL,
    FakeLink,
    a_relay,
    an_event,
    publish,
    unpublished,
    write,
)


@contextmanager
def held_by_another_relay(database: Database, position: int) -> Iterator[None]:
    """Lock one row, as a relay does while it claims, and one of version 0.1.0 for as long as it publishes."""
    with database.transaction() as other:
        row = select(Store.outbox).where(Store.outbox.c.position == position).with_for_update()
        other.execute(row).one()
        yield


@ON_POSTGRESQL
def test_relays_of_two_processes_do_not_take_the_same_rows(database: Database, link: FakeLink) -> None:
    relay = a_relay(database, link)
    first, second = publish(database, "Told", "Told")
    with held_by_another_relay(database, position=1):
        relay.publish_all()
        assert link.delivered == [second]
    relay.publish_all()
    assert link.delivered == [second, first]


def locks_on_the_outbox(database: Database) -> int:
    """Return how many locks others have on the table or its rows."""
    asked = text(
        "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
        " WHERE relname = 'outbox' AND pid <> pg_backend_pid()"
    )
    with database.engine.connect() as other:
        return int(other.execute(asked).scalar_one())


@ON_POSTGRESQL
def test_while_the_broker_is_waited_for_nothing_is_locked(database: Database, link: FakeLink) -> None:
    publish(database, "Told")
    seen: list[int] = []
    link.meanwhile = lambda: seen.append(locks_on_the_outbox(database))
    a_relay(database, link).publish_all()
    assert seen == [0]


def test_while_one_relay_waits_for_the_broker_another_publishes_what_is_written_meanwhile(
    database: Database, link: FakeLink
) -> None:
    first, other_link = publish(database, "Told"), FakeLink()
    others: list[str] = []

    def publish_by_another() -> None:
        others.extend(publish(database, "Told"))
        a_relay(database, other_link).publish_all()

    link.meanwhile = publish_by_another
    a_relay(database, link).publish_all()
    assert (link.delivered, other_link.delivered) == (first, others)
    assert unpublished(database) == 0


def test_what_the_broker_did_not_confirm_is_at_once_another_relay_s(database: Database, link: FakeLink) -> None:
    written, other_link = publish(database, "Told", "Told"), FakeLink()
    link.trouble = BusLost("gone")
    with pytest.raises(BusLost):
        a_relay(database, link).publish_all()
    a_relay(database, other_link).publish_all()
    assert other_link.delivered == written


def test_what_a_dead_relay_had_claimed_goes_out_a_little_later(database: Database, link: FakeLink) -> None:
    written, other_link, clock = publish(database, "Told", "Told"), FakeLink(), FakeClock(NOW)
    link.trouble = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        a_relay(database, link).publish_all()
    other = a_relay(database, other_link, clock)
    clock.moment = NOW + CLAIM
    assert other.publish_all() == 0
    clock.moment = NOW + CLAIM + timedelta(seconds=1)
    other.publish_all()
    assert other_link.delivered == written
    assert unpublished(database) == 0


def test_a_process_killed_between_confirm_and_mark_repeats_events_and_loses_none(
    new_house: NewHouse, new_postgres_database: Any
) -> None:
    databases = {"teller": new_postgres_database(), "listener": new_postgres_database()}
    doomed = new_house(databases=databases, die_after_deliveries=3).start()
    written = []
    while doomed.process is not None and doomed.process.poll() is None:
        try:
            written.append(doomed.tell())
        except (OSError, ValueError):  # it died while it was asked
            break
    doomed.gone()
    left = Database(databases["teller"])
    assert unpublished(left) > 0  # confirmed by the broker, and not marked: these come twice
    left.close()
    house = new_house(suffix=doomed.suffix, databases=databases).start()
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in written))
    eventually(lambda: any(house.attempts(event_id) for event_id in written))


def test_rows_of_a_process_that_died_are_swept_up_by_another(new_house: NewHouse, new_postgres_database: Any) -> None:
    databases = {"teller": new_postgres_database(), "listener": new_postgres_database()}
    house = new_house(databases=databases).start()
    left_behind = Database(databases["teller"])
    with left_behind.transaction() as connection:
        event = an_event(source=house.teller)
        write(connection, event)
    left_behind.close()
    eventually(lambda: house.effects(event.id) == 1)

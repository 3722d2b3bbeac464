"""State and event are one transaction; what is written goes out, and is never lost (DESIGN rule 2)."""

from typing import Any

import pytest
from sqlalchemy import event, text

from shared.bus.events.relay import Relay
from shared.bus.events.signatures import SIGNATURE
from shared.bus.wires.link import BusLost
from shared.storage.database import Database
from tests.integration.bus.outbox.relays import (
    ON_POSTGRESQL,
    SIGNATURES,
    FakeLink,
    a_relay,
    an_event,
    publish,
    unpublished,
    write,
)
from tests.integration.statements import statements


def test_events_go_out_in_the_order_in_which_they_were_written(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    written = publish(database, *["Told"] * 450)
    assert relay.publish_all() == 450
    assert link.delivered == written
    assert unpublished(database) == 0
    assert relay.publish_all() == 0


def test_what_goes_out_is_signed_by_its_source_as_it_is(database: Database, relay: Relay, link: FakeLink) -> None:
    publish(database, "Told")
    relay.publish_all()
    [message] = link.messages
    SIGNATURES.check("teller", "Told", message.body, message.headers[SIGNATURE])


def publish_and_fail(database: Database) -> None:
    """Write an event into a transaction that fails."""
    with database.transaction() as connection:
        write(connection, an_event())
        raise RuntimeError("changed its mind")


def test_an_event_of_a_transaction_that_rolled_back_never_goes_out(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    with pytest.raises(RuntimeError, match="changed its mind"):
        publish_and_fail(database)
    assert relay.publish_all() == 0


@ON_POSTGRESQL
def test_a_row_whose_transaction_committed_late_is_not_missed(database: Database, link: FakeLink) -> None:
    relay = a_relay(database, link)
    early = an_event()
    with database.transaction() as slow:
        write(slow, early)
        late = publish(database, "Told")
        relay.publish_all()
        assert link.delivered == late
    relay.publish_all()
    assert link.delivered == [*late, early.id]


def test_whoever_is_told_of_what_went_out_learns_of_each_batch_once_the_broker_has_it(
    database: Database, link: FakeLink
) -> None:
    seen: list[list[str]] = []
    relay = a_relay(database, link, told=lambda told: seen.append([each.id for each in told]))
    written = publish(database, "Told", "Told")
    link.trouble = BusLost("gone")
    with pytest.raises(BusLost):
        relay.publish_all()
    assert seen == []
    link.trouble = None
    relay.publish_all()
    assert seen == [written]


def test_what_the_broker_did_not_confirm_stays_and_goes_out_later(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    written = publish(database, "Told", "Told")
    link.trouble = BusLost("gone")
    with pytest.raises(BusLost):
        relay.publish_all()
    assert unpublished(database) == 2
    link.trouble = None
    relay.publish_all()
    assert link.delivered == written


def test_an_event_that_nobody_has_a_queue_for_is_an_alarm_once_and_counts_as_published(
    database: Database, relay: Relay, link: FakeLink, caplog: pytest.LogCaptureFixture
) -> None:
    link.unheard = publish(database, "Unwanted", "Unwanted")
    relay.publish_all()
    assert unpublished(database) == 0
    assert [record.message for record in caplog.records] == ["ALARM: nobody has a queue for Unwanted of teller.events"]


def test_what_the_house_does_not_consume_goes_unheard_without_alarm(
    database: Database, link: FakeLink, caplog: pytest.LogCaptureFixture
) -> None:
    link.unheard = publish(database, "Told", "Unwanted")
    a_relay(database, link, heard={"Told"}).publish_all()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "ALARM: nobody has a queue for Told of teller.events"
    ]


def test_a_sweep_of_the_relay_is_two_statements(database: Database, relay: Relay) -> None:
    publish(database, "Told", "Told")
    with statements(database) as sent:
        relay.publish_all()
    assert len(sent) == 2, sent
    with statements(database) as sent:
        relay.publish_all()
    assert len(sent) == 1, sent


@ON_POSTGRESQL
def test_the_relay_s_notes_wait_for_no_disk_and_what_others_write_does(database: Database, link: FakeLink) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"ALTER DATABASE {database.engine.url.database} SET synchronous_commit = on"))
    database.close()
    publish(database, "Told")
    at_commit: list[str] = []

    @event.listens_for(database.engine, "commit")
    def look(connection: Any) -> None:
        at_commit.append(connection.exec_driver_sql("SHOW synchronous_commit").scalar())

    a_relay(database, link).publish_all()
    publish(database, "Told")
    assert at_commit == ["off", "off", "on"]

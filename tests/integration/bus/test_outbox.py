"""State and event are one transaction; the relay repeats where it must and loses nothing (DESIGN rule 2)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.events.outbox import CLAIM
from shared.bus.events.relay import IN_HAND, KEPT, Ledgers, Relay
from shared.bus.events.republishing import publish_anew
from shared.bus.events.signatures import SIGNATURE, Signatures
from shared.bus.wires.link import BusLost
from shared.bus.wires.message import Outgoing
from shared.contracts.envelope import Event, new_event
from shared.settings import new_seal_key
from shared.storage.database import Database
from tests.builders.clock import FakeClock
from tests.contract.bus.house import eventually
from tests.contract.bus.services import Store, metadata
from tests.integration.bus.conftest import NewHouse
from tests.integration.statements import statements
from tests.integration.unhurried import unhurried

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SIGNATURES = Signatures(new_seal_key())


class FakeLink:
    """Takes batches, and can fail or find nobody."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.messages: list[Outgoing] = []
        self.trouble: BaseException | None = None
        self.unheard: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens while the broker is waited for."""

    def deliver(self, messages: list[Outgoing]) -> list[str]:
        """Take a batch as the broker does."""
        self.meanwhile()
        if self.trouble is not None:
            raise self.trouble
        self.batches.append([str(message.properties["message_id"]) for message in messages])
        self.messages += messages
        return self.unheard

    @property
    def delivered(self) -> list[str]:
        """The ids of all events, in the order in which they came."""
        return [event_id for batch in self.batches for event_id in batch]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return a database with the two ledgers."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'teller.sqlite3'}"
    else:
        address = request.getfixturevalue("new_postgres_database")()
    made = unhurried(address)
    metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def link() -> FakeLink:
    """Return a broker that takes everything."""
    return FakeLink()


@pytest.fixture
def relay(database: Database, link: FakeLink) -> Relay:
    """Return the relay between the two."""
    return a_relay(database, link)


def a_relay(database: Database, link: FakeLink, clock: FakeClock | None = None) -> Relay:
    """Return the relay of a process, which publishes by `link`."""
    return Relay("teller", database, Ledgers(Store.outbox, Store.inbox), link, clock or FakeClock(NOW), SIGNATURES)  # type: ignore[arg-type]


def an_event(type: str = "Told") -> Event:
    """Return an event of the teller."""
    return new_event(
        "teller", type, clinic="solna", subject="A", version=1, data={}, now=NOW,
        actor={"kind": "tool", "id": None}, correlation_id="c",
    )  # fmt: skip


def write(connection: Connection, *events: Event) -> None:
    """Write events as a unit of work does at its end."""
    store = Store(connection)
    for each in events:
        store.publish(each)
    store.write_told()


def publish(database: Database, *types: str) -> list[str]:
    """Write events in one transaction and return their ids."""
    events = [an_event(type) for type in types]
    with database.transaction() as connection:
        write(connection, *events)
    return [event.id for event in events]


def publish_and_fail(database: Database) -> None:
    """Write an event into a transaction that fails."""
    with database.transaction() as connection:
        write(connection, an_event())
        raise RuntimeError("changed its mind")


def unpublished(database: Database) -> int:
    """Return how many events wait."""
    with database.reading() as connection:
        return len(connection.execute(select(Store.outbox).where(Store.outbox.c.published_at.is_(None))).all())


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


def test_an_event_of_a_transaction_that_rolled_back_never_goes_out(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    with pytest.raises(RuntimeError, match="changed its mind"):
        publish_and_fail(database)
    assert relay.publish_all() == 0


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


@contextmanager
def held_by_another_relay(database: Database, position: int) -> Iterator[None]:
    """Lock one row, as a relay does while it claims, and one of version 0.1.0 for as long as it publishes."""
    with database.engine.connect() as other, other.begin():
        row = select(Store.outbox).where(Store.outbox.c.position == position).with_for_update()
        other.execute(row).one()
        yield


def test_relays_of_two_processes_do_not_take_the_same_rows(new_postgres_database: Any, link: FakeLink) -> None:
    database = Database(new_postgres_database())
    metadata.create_all(database.engine)
    relay = a_relay(database, link)
    first, second = publish(database, "Told", "Told")
    with held_by_another_relay(database, position=1):
        relay.publish_all()
        assert link.delivered == [second]
    relay.publish_all()
    assert link.delivered == [second, first]
    database.close()


def locks_on_the_outbox(database: Database) -> int:
    """Return how many locks others have on the table or its rows."""
    asked = text(
        "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
        " WHERE relname = 'outbox' AND pid <> pg_backend_pid()"
    )
    with database.engine.connect() as other:
        return int(other.execute(asked).scalar_one())


def test_while_the_broker_is_waited_for_nothing_is_locked(new_postgres_database: Any, link: FakeLink) -> None:
    database = Database(new_postgres_database())
    metadata.create_all(database.engine)
    publish(database, "Told")
    seen: list[int] = []
    link.meanwhile = lambda: seen.append(locks_on_the_outbox(database))
    a_relay(database, link).publish_all()
    assert seen == [0]
    database.close()


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


def commit(database: Database, count: int, claimed_until: datetime) -> list[Event]:
    """Commit events that are claimed until then, and return them, as a unit of work hands them over."""
    events = [an_event() for _ in range(count)]
    with database.transaction() as connection:
        store = Store(connection)
        for each in events:
            store.publish(each)
        store.write_told(claimed_until)
    return events


def test_what_is_handed_over_goes_out_without_a_look_at_the_outbox_and_is_marked_together(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    told = [commit(database, count, NOW + CLAIM) for count in (3, 1, 300)]
    with statements(database) as sent:
        for events in told:
            relay.take(events, NOW + CLAIM)
            relay.publish_in_hand()
    assert (sent, link.delivered) == ([], [event.id for events in told for event in events])
    SIGNATURES.check("teller", "Told", link.messages[0].body, link.messages[0].headers[SIGNATURE])
    assert relay.publish_all() == 0, "they are claimed"
    with statements(database) as sent:
        relay.mark_published()
    assert (len(sent), unpublished(database)) == (1, 0)


def test_what_was_committed_and_handed_to_nobody_goes_out_when_its_claim_is_over(
    database: Database, link: FakeLink
) -> None:
    """A process that ends in between."""
    events, clock = commit(database, 2, NOW + CLAIM), FakeClock(NOW)
    relay = a_relay(database, link, clock)
    assert relay.publish_all() == 0
    clock.moment = NOW + CLAIM + timedelta(seconds=1)
    assert relay.publish_all() == 2
    assert link.delivered == [event.id for event in events]


def test_what_lay_in_hand_for_too_long_is_left_to_whoever_sweeps(database: Database, link: FakeLink) -> None:
    clock = FakeClock(NOW)
    relay, events = a_relay(database, link, clock), commit(database, 1, NOW + CLAIM)
    relay.take(events, NOW + CLAIM)
    clock.moment = NOW + CLAIM - timedelta(seconds=5)
    relay.publish_in_hand()
    assert link.delivered == []
    assert unpublished(database) == 1


def test_what_is_in_hand_when_the_broker_is_lost_is_anybody_s_at_once(database: Database, link: FakeLink) -> None:
    relay, other_link = a_relay(database, link), FakeLink()
    events = commit(database, 300, NOW + CLAIM)
    relay.take(events, NOW + CLAIM)
    link.trouble = BusLost("gone")
    with pytest.raises(BusLost):
        relay.publish_in_hand()
    a_relay(database, other_link).publish_all()
    assert other_link.delivered == [event.id for event in events]
    relay.publish_in_hand()
    assert link.delivered == []


def test_more_than_a_relay_keeps_in_hand_is_not_lost(database: Database, link: FakeLink) -> None:
    clock = FakeClock(NOW)
    relay, told = a_relay(database, link, clock), [commit(database, IN_HAND, NOW + CLAIM) for _ in range(2)]
    for events in told:
        relay.take(events, NOW + CLAIM)
    relay.publish_in_hand()
    relay.mark_published()
    assert len(link.delivered) == IN_HAND
    clock.moment = NOW + CLAIM + timedelta(seconds=1)
    assert relay.publish_all() == IN_HAND


def test_a_sweep_of_the_relay_is_two_statements(database: Database, relay: Relay) -> None:
    publish(database, "Told", "Told")
    with statements(database) as sent:
        relay.publish_all()
    assert len(sent) == 2, sent
    with statements(database) as sent:
        relay.publish_all()
    assert len(sent) == 1, sent


def test_the_relay_s_notes_wait_for_no_disk_and_what_others_write_does(
    new_postgres_database: Any, link: FakeLink
) -> None:
    database = Database(new_postgres_database())
    metadata.create_all(database.engine)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"ALTER DATABASE {database.engine.url.database} SET synchronous_commit = on"))
    database.engine.dispose()
    publish(database, "Told")
    at_commit: list[str] = []

    @event.listens_for(database.engine, "commit")
    def look(connection: Any) -> None:
        at_commit.append(connection.exec_driver_sql("SHOW synchronous_commit").scalar())

    a_relay(database, link).publish_all()
    publish(database, "Told")
    assert at_commit == ["off", "off", "on"]
    database.close()


def test_a_row_whose_transaction_committed_late_is_not_missed(new_postgres_database: Any, link: FakeLink) -> None:
    database = Database(new_postgres_database())
    metadata.create_all(database.engine)
    relay = a_relay(database, link)
    early = an_event()
    with database.engine.connect() as slow:
        transaction = slow.begin()
        write(slow, early)
        late = publish(database, "Told")
        relay.publish_all()
        assert link.delivered == late
        transaction.commit()
    relay.publish_all()
    assert link.delivered == [*late, early.id]
    database.close()


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


def test_a_database_error_tells_no_values_of_rows(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as failed, database.transaction() as connection:
        connection.execute(insert(Store.inbox).values(consumer="Anna Berg", event_id=None, received_at=NOW))
    assert "Anna Berg" not in str(failed.value).partition("DETAIL")[0]


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
        event = new_event(
            house.teller, "Told", clinic="solna", subject="A", version=1, data={}, now=NOW,
            actor={"kind": "tool", "id": None}, correlation_id="c",
        )  # fmt: skip
        write(connection, event)
    left_behind.close()
    eventually(lambda: house.effects(event.id) == 1)


def test_what_the_house_does_not_consume_goes_unheard_without_alarm(
    database: Database, link: FakeLink, caplog: pytest.LogCaptureFixture
) -> None:
    ledgers = Ledgers(Store.outbox, Store.inbox)
    relay = Relay("teller", database, ledgers, link, FakeClock(NOW), SIGNATURES, heard={"Told"})  # type: ignore[arg-type]
    link.unheard = publish(database, "Told", "Unwanted")
    relay.publish_all()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "ALARM: nobody has a queue for Told of teller.events"
    ]

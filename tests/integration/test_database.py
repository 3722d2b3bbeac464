"""Transactions, moments, and the bus's tables, the same on SQLite and PostgreSQL (DESIGN rules 2, 3 and 6)."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, Table, insert, select, text, update
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, InvalidRequestError, StatementError

from shared.bus.events.inbox import inbox_table
from shared.bus.events.outbox import CLAIM, outbox_table
from shared.bus.events.unit_of_work import ServiceStore, UnitOfWork
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import Unavailable
from shared.storage.database import Database, Json, UtcDateTime, new_metadata
from shared.storage.limits import Limits

NOW = datetime(2026, 12, 1, 9, 30, 15, 250_000, tzinfo=UTC)

metadata = new_metadata()
notes = Table(
    "notes", metadata, Column("id", Integer, primary_key=True), Column("at", UtcDateTime), Column("body", Json)
)


class NoteStore(ServiceStore):
    """A store with one table of its own."""

    outbox = outbox_table(metadata)
    inbox = inbox_table(metadata)

    def add(self, number: int) -> None:
        """Write a note."""
        self.connection.execute(insert(notes).values(id=number, at=NOW, body={"number": number}))

    def count(self) -> int:
        """Return how many notes there are."""
        return len(self.connection.execute(select(notes.c.id)).all())


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return an empty database with the tables above."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/made/on/demand/notes.sqlite3"
    else:
        new_postgres_database: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        address = new_postgres_database()
    database = Database(address)
    with database.transaction() as connection:
        metadata.create_all(connection)
    yield database
    database.close()


@pytest.fixture
def handed() -> list[list[Event]]:
    """Return the list of what was handed to the relay."""
    return []


@pytest.fixture
def work(database: Database, handed: list[list[Event]]) -> UnitOfWork[NoteStore]:
    """Return units of work over the notes."""
    return UnitOfWork(database, NoteStore, lambda events, _until: handed.append(list(events)))


def an_event(**changes: object) -> Event:
    """Build an event of no importance."""
    event = new_event(
        "notes", "NoteTaken", clinic="solna", subject="1", version=1, data={"å": [1, None]}, now=NOW,
        actor={"kind": "tool", "id": None}, correlation_id="c",
    )  # fmt: skip
    return Event(**{**event.to_json(), **changes})


def test_a_transaction_commits_when_its_block_ends(work: UnitOfWork[NoteStore]) -> None:
    with work() as store:
        store.add(1)
    with work.reading() as store:
        assert store.count() == 1


def test_a_transaction_rolls_everything_back_when_its_block_raises(
    work: UnitOfWork[NoteStore], handed: list[list[Event]]
) -> None:
    """DESIGN rule 2: state and event in one transaction, or neither."""

    def fail_after_writing() -> None:
        with work() as store:
            store.add(1)
            store.publish(an_event())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    with work.reading() as store:
        assert store.count() == 0
        assert store.connection.execute(select(store.outbox)).all() == []
    assert handed == []


def test_the_relay_gets_events_after_the_commit_claimed_for_it(
    work: UnitOfWork[NoteStore], handed: list[list[Event]]
) -> None:
    told = [an_event(), an_event()]
    with work() as store:
        store.add(1)
    with work() as store:
        for event in told:
            store.publish(event)
        assert handed == []
    assert handed == [told]
    with work.reading() as store:
        claims = store.connection.scalars(select(store.outbox.c.claimed_until)).all()
    assert all(datetime.now(UTC) < claim <= datetime.now(UTC) + CLAIM for claim in claims)


def test_an_event_comes_out_of_the_outbox_as_it_went_in(work: UnitOfWork[NoteStore]) -> None:
    event = an_event()
    with work() as store:
        store.publish(event)
    with work.reading() as store:
        row = store.connection.execute(select(store.outbox)).one()
    assert Event.from_json(row.body) == event
    assert (row.event_id, row.type, row.created_at, row.published_at) == (event.id, "NoteTaken", NOW, None)


def test_events_keep_their_order_in_the_outbox(work: UnitOfWork[NoteStore]) -> None:
    sent = [an_event(id=f"{number:032}") for number in range(5)]
    with work() as store:
        for event in sent:
            store.publish(event)
    with work.reading() as store:
        rows = store.connection.execute(select(store.outbox).order_by(store.outbox.c.position)).all()
    assert [row.event_id for row in rows] == [event.id for event in sent]


def test_an_event_acts_once_for_each_consumer(work: UnitOfWork[NoteStore]) -> None:
    """DESIGN rule 3."""
    event = an_event()
    with work() as store:
        assert store.first_time("take_time", event, NOW)
    with work() as store:
        assert not store.first_time("take_time", event, NOW)
        assert store.first_time("send_confirmation", event, NOW)
        assert store.first_time("take_time", an_event(), NOW)


def test_an_event_whose_effect_was_rolled_back_acts_again(work: UnitOfWork[NoteStore]) -> None:
    event = an_event()

    def fail_after_taking_in() -> None:
        with work() as store:
            assert store.first_time("take_time", event, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_taking_in()
    with work() as store:
        assert store.first_time("take_time", event, NOW)


def test_of_simultaneous_deliveries_exactly_one_acts(work: UnitOfWork[NoteStore]) -> None:
    """DESIGN rule 3: the bus may deliver twice, to two processes at once."""
    event = an_event()
    together = threading.Barrier(8)

    def take_in(_: int) -> bool:
        together.wait(timeout=10)
        with work() as store:
            return store.first_time("take_time", event, NOW)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(take_in, range(8))) == [False] * 7 + [True]


def test_simultaneous_writers_wait_for_each_other(database: Database) -> None:
    """A read and a write in one transaction lose no update, as a counter shows."""
    with database.transaction() as connection:
        connection.execute(insert(notes).values(id=1, body=0))

    def count_up(_: int) -> None:
        with database.transaction() as connection:
            found = connection.execute(select(notes.c.body).where(notes.c.id == 1).with_for_update()).scalar_one()
            connection.execute(update(notes).values(body=found + 1))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count_up, range(40)))
    with database.reading() as connection:
        assert connection.execute(select(notes.c.body)).scalar_one() == 40


def test_who_takes_a_snapshot_sees_one_state_while_others_write(work: UnitOfWork[NoteStore]) -> None:
    with work.snapshot() as reader:
        assert reader.count() == 0
        with work() as writer:
            writer.add(1)
        assert reader.count() == 0
    with work.snapshot() as reader:
        assert reader.count() == 1


def test_a_reader_sees_what_was_written_since(work: UnitOfWork[NoteStore]) -> None:
    with work.reading() as reader:
        assert reader.count() == 0
        with work() as writer:
            writer.add(1)
        assert reader.count() == 1


def test_a_reader_cannot_write(work: UnitOfWork[NoteStore]) -> None:
    for opened in (work.reading, work.snapshot):
        with pytest.raises(InvalidRequestError, match="for reading"), opened() as store:
            store.add(1)
    with work() as store:
        store.add(2)
        assert store.count() == 1


def test_a_snapshot_of_postgresql_lets_nothing_be_written_that_looks_like_a_question(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.transaction() as connection:
        metadata.create_all(connection)
    with pytest.raises(DBAPIError, match="read-only"), database.snapshot() as connection:
        connection.execute(text("WITH new AS (INSERT INTO notes (id) VALUES (1) RETURNING id) SELECT id FROM new"))
    database.close()


def _write_and_fail(connection: Connection) -> None:
    connection.execute(text("INSERT INTO once VALUES (:id)"), [{"id": 1}, {"id": 2}])
    connection.execute(text("SELECT * FROM nowhere"))


def test_a_transaction_that_fails_at_its_first_statement_leaves_its_connection_usable(postgres_url: str) -> None:
    """BEGIN goes with the first statement."""
    database = Database(postgres_url, Limits(connections=1))
    for _ in range(2):
        with pytest.raises(DBAPIError, match="nowhere"), database.transaction() as connection:
            connection.execute(text("SELECT * FROM nowhere"))
        with database.transaction() as connection:
            connection.execute(text("CREATE TEMPORARY TABLE IF NOT EXISTS once (id integer)"))
        with pytest.raises(DBAPIError, match="nowhere"), database.transaction() as connection:
            _write_and_fail(connection)
        with database.snapshot() as connection:
            assert connection.execute(text("SELECT count(*) FROM once")).scalar_one() == 0
        with database.reading() as connection:
            assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
    database.close()


def test_a_locked_file_is_told_as_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/locked.sqlite3")
    work = UnitOfWork(Database(database.url), NoteStore)
    listen(work.database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    with database.transaction(), pytest.raises(Unavailable), work():
        pass
    database.close()
    work.database.close()


def test_a_wrong_statement_stays_a_mistake_of_ours(work: UnitOfWork[NoteStore]) -> None:
    with pytest.raises(DBAPIError, match="nowhere"), work() as store:
        store.connection.execute(text("SELECT * FROM nowhere"))


@pytest.mark.parametrize(
    "moment", [NOW, NOW.astimezone(timezone(timedelta(hours=3, minutes=30))), datetime(1999, 1, 1, tzinfo=UTC), None]
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database, moment: datetime | None) -> None:
    with database.transaction() as connection:
        connection.execute(insert(notes).values(id=1, at=moment))
    with database.reading() as connection:
        found = connection.execute(select(notes.c.at)).scalar_one()
    assert found == moment
    assert found is None or found.utcoffset() == timedelta(0)


def test_moments_are_compared_as_moments(database: Database) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    with database.transaction() as connection:
        connection.execute(insert(notes).values(id=1, at=NOW))
    with database.reading() as connection:
        found = connection.execute(select(notes.c.id).where(notes.c.at == NOW.astimezone(tehran))).all()
    assert found == [(1,)]


def test_a_moment_without_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without time zone"), database.transaction() as connection:
        connection.execute(insert(notes).values(id=1, at=datetime(2026, 1, 1)))  # noqa: DTZ001  # what is refused


def test_tables_names_are_the_same_everywhere(database: Database) -> None:
    assert {constraint.name for constraint in notes.constraints} == {"pk_notes"}


def test_a_database_error_tells_no_values_of_rows(work: UnitOfWork[NoteStore]) -> None:
    """DESIGN rule 9."""
    with pytest.raises(DBAPIError) as failed, work() as store:
        store.connection.execute(insert(store.inbox).values(consumer="Anna Berg", event_id=None, received_at=NOW))
    assert "Anna Berg" not in f"{failed.value} {failed.value.orig}"


def _create_and_fail(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE left_over (id integer)"))
    connection.execute(text("SELECT * FROM nowhere"))


def test_a_connection_is_taken_again_with_nothing_left_of_what_was_not_committed(postgres_url: str) -> None:
    database = Database(postgres_url, Limits(connections=1))
    asked = text("SELECT pg_backend_pid(), pg_current_xact_id_if_assigned()")
    with database.reading() as connection:
        mine = connection.execute(asked).one()[0]
    with pytest.raises(DBAPIError, match="nowhere"), database.transaction() as connection:
        _create_and_fail(connection)
    for opened in (database.reading, database.snapshot, database.transaction):
        with opened() as connection:
            assert connection.execute(asked).one() == (mine, None)
            assert connection.execute(text("SELECT to_regclass('left_over')")).scalar_one() is None
    database.close()

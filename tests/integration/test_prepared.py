"""Statements that are made ready once, the same on SQLite and PostgreSQL (ADR 31)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from eventlet import Timeout
from sqlalchemy import Column, Integer, String, Table, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, ProgrammingError

from shared.storage.database import Database, Json, UtcDateTime, new_metadata
from shared.storage.limits import Limits
from shared.storage.lists import PreparedChanges, PreparedRows, among
from shared.storage.prepared import Prepared
from tests.integration.statements import messages_to_postgresql, plans, statements

NOW = datetime(2026, 12, 1, 9, 30, 15, 250_000, tzinfo=UTC)

metadata = new_metadata()
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("word", String(8)),
    Column("at", UtcDateTime),
    Column("body", Json),
)

ADD = Prepared(insert(notes))
ADD_MANY = PreparedRows(notes)
ADD_NEW = PreparedRows(notes, ("id", "at"), lambda add: add.on_conflict_do_nothing().returning(notes.c.id, notes.c.at))
CHANGE = PreparedChanges(notes, "id", ("word", "at"))
CHANGE_SEEN = PreparedChanges(
    notes,
    "id",
    ("word",),
    lambda change, told: change.where(notes.c.at == told["seen"]).returning(notes.c.id),
    {"seen": UtcDateTime()},
)
ADD_LATER = PreparedRows(
    notes,
    ("id", "at"),
    lambda add: add.on_conflict_do_update(
        index_elements=["id"],
        set_={"at": add.excluded.at},
        where=notes.c.at < bindparam("before", type_=UtcDateTime),
    ).returning(notes.c.id),
)
ONE = Prepared(select(notes.c.word, notes.c.at, notes.c.body).where(notes.c.id == bindparam("wanted")))
SOME = Prepared(select(notes.c.id).where(among(notes.c.id, "wanted")).order_by(notes.c.id))
AT_SOME_TIME = Prepared(select(notes.c.id).where(among(notes.c.at, "moments")).order_by(notes.c.id))
ALL = Prepared(select(notes.c.id).order_by(notes.c.id))
PERCENT = Prepared(select(notes.c.id).where(notes.c.word.like("%a%"), notes.c.id % bindparam("by") == 0))
SPELL = Prepared(update(notes).where(notes.c.id == bindparam("wanted")).values(word=bindparam("now"), at=None))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return an empty database with the table above, and one connection to PostgreSQL."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/notes.sqlite3"
    else:
        new_postgres_database: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        address = new_postgres_database()
    yield from _opened(address)


@pytest.fixture
def postgres(new_postgres_database: Callable[[], str]) -> Iterator[Database]:
    """Return the same on PostgreSQL."""
    yield from _opened(new_postgres_database())


def _opened(address: str) -> Iterator[Database]:
    database = Database(address, Limits(connections=1))
    with database.transaction() as connection:
        metadata.create_all(connection)
    yield database
    database.close()


def test_rows_come_back_by_position_as_they_were_written(database: Database) -> None:
    with database.transaction() as connection:
        ADD.write(connection, id=1, word="50%", at=NOW, body={"%s": [None, "å"]})
        ADD.write(connection, id=2)
    with database.reading() as connection:
        assert ONE.row(connection, wanted=1) == ("50%", NOW, {"%s": [None, "å"]})
        assert ONE.rows(connection, wanted=2) == [(None, None, None)]
        assert ONE.row(connection, wanted=3) is None
    with database.snapshot() as connection:
        assert ALL.rows(connection) == [(1,), (2,)]


def test_what_nobody_waits_for_is_written_before_what_comes_next_and_at_the_end(database: Database) -> None:
    with database.transaction() as connection:
        ADD.write(connection, id=1)
        ADD.write(connection, id=2)
        assert ALL.rows(connection) == [(1,), (2,)]
        ADD.write(connection, id=3)
        assert connection.execute(select(notes.c.id)).all() == [(1,), (2,), (3,)]
        ADD.write(connection, id=4)
    with database.reading() as connection:
        assert len(ALL.rows(connection)) == 4


def test_what_was_written_is_counted(database: Database) -> None:
    with database.transaction() as connection:
        ADD.write(connection, id=1, word="one", at=NOW)
        assert SPELL.count(connection, wanted=1, now="eins") == 1
        assert SPELL.count(connection, wanted=2, now="zwei") == 0
        assert ONE.row(connection, wanted=1) == ("eins", None, None)


def test_a_statement_has_values_of_its_own(database: Database) -> None:
    """So that PostgreSQL plans with them: an index on part of a table is found by what the statement says."""
    with database.transaction() as connection:
        ADD.write(connection, id=1, word="bab")
        ADD.write(connection, id=2, word="aba")
        ADD.write(connection, id=4, word="bbb")
        assert PERCENT.rows(connection, by=2) == [(2,)]


def test_a_list_may_have_any_length(database: Database) -> None:
    later = NOW + timedelta(days=1)
    with database.transaction() as connection:
        ADD_MANY.write(connection, [{"id": number, "at": NOW, "body": [number]} for number in range(5)])
        ADD_MANY.write(connection, [{"id": 5, "at": later, "word": "5"}])
        ADD_MANY.write(connection, [])
        for wanted in ([], [3], [4, 2, 9]):
            assert SOME.rows(connection, wanted=wanted) == [(number,) for number in sorted(wanted) if number != 9]
        assert AT_SOME_TIME.rows(connection, moments=[later]) == [(5,)]
        assert ONE.row(connection, wanted=4) == (None, NOW, [4])


def test_a_list_is_looked_up_by_an_index(database: Database) -> None:
    with database.transaction() as connection:
        ADD_MANY.write(connection, [{"id": number} for number in range(2000)])
    with database.reading() as connection, statements(database) as sent:
        SOME.rows(connection, wanted=[1, 2])
    plan, = plans(database, sent)  # fmt: skip
    assert ("SEARCH notes USING" if database.is_sqlite else "Index Cond") in plan


def test_rows_to_change_are_looked_up_by_an_index(database: Database) -> None:
    with database.transaction() as connection:
        ADD_MANY.write(connection, [{"id": number} for number in range(2000)])
        with statements(database) as sent:
            CHANGE.write(connection, [{"id": number, "word": "new", "at": NOW} for number in (1, 2)])
    plan, *_ = plans(database, sent)
    assert ("SEARCH notes USING" if database.is_sqlite else "Index Cond") in plan
    assert "Seq Scan" not in plan


def test_many_rows_say_what_became_of_them(database: Database) -> None:
    with database.transaction() as connection:
        ADD_NEW.rows(connection, [{"id": 2, "at": NOW}])
        added = ADD_NEW.rows(connection, [{"id": number, "at": NOW} for number in (3, 2, 1)])
        assert added == [(3, NOW), (1, NOW)]
        assert ADD_NEW.rows(connection, []) == []


def test_many_rows_are_changed_each_to_values_of_its_own(database: Database) -> None:
    with database.transaction() as connection:
        ADD_MANY.write(connection, [{"id": number, "word": "old", "body": {"å": "50%"}} for number in range(3)])
        CHANGE.write(connection, [{"id": 0, "word": "nil", "at": NOW}, {"id": 2, "word": None, "at": None}])
        assert ONE.row(connection, wanted=0) == ("nil", NOW, {"å": "50%"})
        assert ONE.row(connection, wanted=1) == ("old", None, {"å": "50%"})
        assert ONE.row(connection, wanted=2) == (None, None, {"å": "50%"})


def test_many_rows_have_values_that_are_the_same_for_all(database: Database) -> None:
    with database.transaction() as connection:
        ADD_MANY.write(connection, [{"id": number, "at": NOW + timedelta(days=number)} for number in range(3)])
        later = [{"id": number, "at": NOW + timedelta(days=9)} for number in range(4)]
        assert ADD_LATER.rows(connection, later, before=NOW + timedelta(days=2)) == [(0,), (1,), (3,)]
        ADD_LATER.write(connection, [{"id": 2, "at": NOW}], before=NOW + timedelta(days=3))
        assert ONE.row(connection, wanted=2) == (None, NOW, None)


def test_many_rows_are_changed_by_what_is_told_of_each_besides(database: Database) -> None:
    with database.transaction() as connection:
        ADD_MANY.write(connection, [{"id": number, "at": NOW + timedelta(days=number)} for number in range(3)])
        told = [{"id": number, "word": f"w{number}", "seen": NOW + timedelta(days=number % 2)} for number in range(4)]
        assert sorted(CHANGE_SEEN.rows(connection, told)) == [(0,), (1,)]
        assert CHANGE_SEEN.rows(connection, []) == []
        words = [ONE.row(connection, wanted=number) for number in range(3)]
    assert [row and row[0] for row in words] == ["w0", "w1", None]


def test_rows_with_a_moment_without_time_zone_are_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  # what is refused
    with database.transaction() as connection, pytest.raises((ValueError, TypeError)):
        ADD_MANY.write(connection, [{"id": 1, "at": naive}])


def test_rows_with_a_word_that_is_too_long_are_refused(postgres: Database) -> None:
    with pytest.raises(DBAPIError, match="too long"), postgres.transaction() as connection:
        ADD_MANY.rows(connection, [{"id": 1, "word": "ninechars"}])


def test_a_value_that_the_statement_has_not_is_refused(database: Database) -> None:
    with database.reading() as connection, pytest.raises(KeyError, match="another"):
        ONE.row(connection, wanted=1, another=2)


def test_a_list_of_another_kind_is_refused(database: Database) -> None:
    listed = Prepared(select(notes.c.id).where(notes.c.id.in_(bindparam("wanted", expanding=True))))
    with database.reading() as connection, pytest.raises(ValueError, match="among"):
        listed.rows(connection, wanted=[1])


def test_a_reader_cannot_write(database: Database) -> None:
    for opened in (database.reading, database.snapshot):
        with opened() as connection, pytest.raises(InvalidRequestError, match="for reading"):
            ADD.write(connection, id=1)
    with database.reading() as connection:
        assert ALL.rows(connection) == []


def test_what_the_database_refuses_is_raised_without_values(database: Database) -> None:
    """DESIGN rule 9."""
    with database.transaction() as connection:
        ADD.write(connection, id=1)
    with pytest.raises(IntegrityError) as refused, database.transaction() as connection:
        ADD.count(connection, id=1, word="secret")
    assert "INSERT INTO notes" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("row", [{"id": None, "word": "secret"}, {"id": 1, "word": "secret\0"}], ids=["row", "rows"])
def test_postgresql_tells_no_values_of_what_it_refuses(postgres: Database, row: dict[str, Any]) -> None:
    """It does, of a row that fails and of the head of rows that it cannot read, below its first line."""
    with pytest.raises(DBAPIError) as refused, postgres.transaction() as connection:
        ADD_MANY.rows(connection, [row])
    assert "INSERT INTO notes" in str(refused.value)
    assert "secret" not in f"{refused.value} {refused.value.orig}"


def test_what_nobody_waits_for_is_refused_like_anything_else(database: Database) -> None:
    with database.transaction() as connection:
        ADD.write(connection, id=1)
    for _ in range(2):
        with pytest.raises(IntegrityError), database.transaction() as connection:
            ADD.write(connection, id=1)

    def fail_after_writing() -> None:
        with database.transaction() as connection:
            ADD.write(connection, id=2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    with database.transaction() as connection:
        ADD.write(connection, id=3)
        assert ALL.rows(connection) == [(1,), (3,)]


def test_what_postgresql_has_taken_back_is_never_told_as_committed(postgres: Database) -> None:
    """It answers a COMMIT by ROLLBACK, and not by an error, where whoever heard of one before has gone on."""

    def go_on() -> None:
        with postgres.transaction() as connection:
            ADD.count(connection, id=1)
            with suppress(IntegrityError):
                ADD.count(connection, id=1)

    with pytest.raises(DBAPIError, match="taken back"):
        go_on()
    with postgres.transaction() as connection:
        ADD.count(connection, id=2)
        assert ALL.rows(connection) == [(2,)]


def test_a_statement_that_failed_when_it_was_first_told_is_told_again(database: Database) -> None:
    """Nobody knows how far the server came: it forgets what it kept, and goes on."""
    add = Prepared(insert(notes))
    with database.transaction() as connection:
        ADD.write(connection, id=1)

    def add_twice() -> None:
        with database.transaction() as connection:
            ADD.write(connection, id=1)
            add.write(connection, id=2)

    for _ in range(2):
        with pytest.raises(IntegrityError):
            add_twice()
    with database.transaction() as connection:
        add.write(connection, id=2)
        ADD.write(connection, id=3)
        assert ALL.rows(connection) == [(1,), (2,), (3,)]


def test_a_session_that_must_forget_does_so_also_after_a_value_that_cannot_be_told(postgres: Database) -> None:
    with postgres.transaction() as connection:
        ADD.write(connection, id=1)
    with pytest.raises(IntegrityError), postgres.transaction() as connection:
        Prepared(insert(notes)).count(connection, id=1)
    with pytest.raises(ProgrammingError, match="adapt"), postgres.reading() as connection:
        connection.execute(text("SELECT :value"), {"value": object()})
    with postgres.transaction() as connection:
        ADD.write(connection, id=2)
        assert ALL.rows(connection) == [(1,), (2,)]


def test_postgresql_is_told_a_statement_once_in_a_session(postgres: Database) -> None:
    once = Prepared(delete(notes).where(notes.c.id == bindparam("wanted")))
    for number, parts in enumerate((3, 2)):
        with messages_to_postgresql() as sent, postgres.transaction() as connection:
            assert once.count(connection, wanted=number) == 0
        assert len(sent[0].split("; ")) == parts, sent
    with postgres.reading() as connection:
        kept = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    assert len([each for each in kept if "DELETE FROM notes" in each]) == 1


def test_a_name_says_the_same_to_every_process(postgres: Database) -> None:
    """Behind a proxy that lends sessions in turns, against what it must, nobody asks what another has told."""
    one, another = (delete(notes).where(column == bindparam("wanted")) for column in (notes.c.id, notes.c.word))
    with postgres.transaction() as connection:
        for statement in (one, another, one):
            Prepared(statement).count(connection, wanted=None)
        kept = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    assert len([each for each in kept if "DELETE FROM notes" in each]) == 2


def test_a_statement_that_postgresql_has_forgotten_fails_once(postgres: Database) -> None:
    """As behind a proxy that says DISCARD ALL."""
    with postgres.reading() as connection:
        assert ALL.rows(connection) == []
        connection.execute(text("DEALLOCATE ALL"))
    with postgres.reading() as connection, pytest.raises(DBAPIError, match="does not exist"):
        ALL.rows(connection)
    with postgres.reading() as connection:
        assert ALL.rows(connection) == []


def test_a_statement_whose_table_has_changed_fails_once(postgres: Database) -> None:
    """A migration may change a type while processes serve."""
    with postgres.transaction() as connection:
        ADD.write(connection, id=1, word="old")
        assert ONE.row(connection, wanted=1) == ("old", None, None)
    with postgres.transaction() as connection:
        connection.execute(text("ALTER TABLE notes ALTER COLUMN word TYPE varchar(16)"))
    with postgres.reading() as connection, pytest.raises(DBAPIError, match="result type"):
        ONE.row(connection, wanted=1)
    with postgres.reading() as connection:
        assert ONE.row(connection, wanted=1) == ("old", None, None)


def test_a_connection_that_is_lost_is_given_up(postgres: Database) -> None:
    end = Prepared(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with pytest.raises(DBAPIError) as lost, postgres.transaction() as connection:
        end.rows(connection)
    assert lost.value.connection_invalidated
    with postgres.reading() as connection:
        assert ALL.rows(connection) == []


def test_a_thread_that_is_ended_while_it_waits_leaves_no_half_answer(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.reading() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

    def end(*_: object) -> None:
        raise Timeout

    def ask() -> None:
        with postgres.transaction() as connection, monkeypatch.context() as patched:
            patched.setattr("shared.storage.postgres.SessionCursor.send", end)
            ALL.rows(connection)

    with pytest.raises(Timeout):
        ask()
    with postgres.reading() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != mine

"""What a process does whose PostgreSQL goes, or ends its connections (DESIGN rule 5)."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen

from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.errors import Unavailable
from shared.storage.database import Database
from tests.contract.bus.services import Store
from tests.servers.postgres import FreshDatabases
from tests.servers.server import Server


def test_a_database_that_went_away_is_told_as_unavailable(postgres_server: Server) -> None:
    databases = FreshDatabases(postgres_server.address)
    work = UnitOfWork(Database(databases.new()), Store)
    with work():
        pass
    postgres_server.stop()
    for opened in (work, work.reading):
        with pytest.raises(Unavailable), opened():
            pass
    postgres_server.start()
    with work():
        pass
    work.database.close()
    databases.drop_all()


def test_a_connection_that_is_lost_in_the_middle_is_told_as_unavailable(postgres_url: str) -> None:
    work = UnitOfWork(Database(postgres_url), Store)
    with pytest.raises(Unavailable), work() as store:
        store.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    work.database.close()


def test_a_server_that_ends_each_connection_as_soon_as_it_is_made_is_told_as_unavailable(postgres_url: str) -> None:
    """As one that is being stopped, or a pooler without servers."""
    work, other = UnitOfWork(Database(postgres_url), Store), Database(postgres_url)

    def end(made: Any, _record: Any) -> None:
        with other.transaction() as connection:
            ending = text("SELECT pg_terminate_backend(:pid, 60000)")
            assert connection.execute(ending, {"pid": made.info.backend_pid}).scalar_one()

    listen(work.database.engine, "connect", end)
    for opened in (work, work.reading):
        with pytest.raises(Unavailable), opened() as store:
            store.connection.execute(text("SELECT 1"))
    work.database.close()
    other.close()


def test_a_pooled_connection_that_died_is_replaced_before_it_is_used(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    with database.reading() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with other.transaction() as connection:
        assert connection.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": mine}).scalar_one()
    with database.transaction() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != mine
    database.close()
    other.close()

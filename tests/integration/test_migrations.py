"""Every service's migrations make the tables that its model describes, on both kinds of database."""

import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, create_engine, text

from shared.settings import SERVICES
from shared.storage.database import Database
from shared.storage.migrations import NotMigrated, require_current, upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh 100%.sqlite3'}"
    new_postgres_database: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return new_postgres_database()


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_make_what_the_model_describes(service: str, address: str) -> None:
    upgrade(service, address)
    database = Database(address)
    with database.reading() as connection:
        dialect = connection.dialect.name

        def is_meant(described: Any, *_: Any) -> bool:
            return bool(described.info.get("dialect", dialect) == dialect)

        opts = {"compare_server_default": True, "include_object": is_meant}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, import_module(f"services.{service}.store").metadata)
    database.close()
    assert differences == []


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_again_changes_nothing(service: str, address: str) -> None:
    upgrade(service, address)
    upgrade(service, address)


def test_processes_that_start_at_once_migrate_once(address: str) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from shared.storage.migrations import upgrade; upgrade(*sys.argv[1:])",
    ]
    processes = [
        subprocess.Popen([*command, "booking", address], stderr=subprocess.PIPE, text=True, cwd=Path.cwd())
        for _ in range(4)
    ]
    outcomes = [(process.communicate(timeout=180)[1], process.returncode) for process in processes]
    assert [code for _, code in outcomes] == [0] * 4, outcomes


@pytest.mark.parametrize(
    ("revision", "wrong"), [("", "not there"), ("0001", "of an older version"), (None, None), ("9999", None)]
)
def test_a_service_is_content_with_its_own_tables_and_with_newer_ones(
    address: str, revision: str | None, wrong: str | None
) -> None:
    """Newer ones are met by a process of the version before, while its neighbours are replaced."""
    upgrade("patient", address)
    database = Database(address)
    with database.transaction() as connection:
        if revision is not None:
            connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    with database.reading() as connection:
        if wrong is None:
            require_current("patient", connection)
        else:
            with pytest.raises(NotMigrated, match=wrong):
                require_current("patient", connection)
    database.close()


def test_tables_that_were_never_made_are_missed(address: str) -> None:
    database = Database(address)
    with database.reading() as connection, pytest.raises(NotMigrated, match="`frontdesk migrate` makes them"):
        require_current("booking", connection)
    database.close()


@pytest.mark.parametrize(("service", "before"), [("booking", "0006"), ("patient", "0007"), ("notification", "0008")])
def test_indexes_that_were_made_beforehand_stay(
    service: str, before: str, new_postgres_database: Callable[[], str]
) -> None:
    """They are made as docs/operations.md says, while the version before runs."""
    told = Path("docs/operations.md").read_text(encoding="utf-8").split(f"-- in {service}'s", 1)[1]
    statements = re.split("^```$|^--.*$", told.partition("\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    address = new_postgres_database()
    _upgrade_to(before, service, address)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in filter(str.strip, statements.split(";")):
            connection.execute(text(statement))
        made = _indexes(connection)
    upgrade(service, address)
    with engine.connect() as connection:
        there = _indexes(connection)
    engine.dispose()
    described = {index.name for table in _tables(service) for index in table.indexes}
    names = set(re.findall(r"CONCURRENTLY (\w+)", statements))
    assert names
    assert names <= described
    assert {name: made[name] for name in names} == {name: there[name] for name in names}


def _upgrade_to(revision: str, service: str, address: str) -> None:
    database = Database(address)
    with database.transaction() as connection:
        config = Config()
        config.set_main_option("script_location", f"services.{service}:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()


def _indexes(connection: Connection) -> dict[str, int]:
    """Return the indexes of a PostgreSQL database, with what no other index will ever be."""
    found = connection.execute(text("SELECT relname, oid FROM pg_class WHERE relkind = 'i'"))
    return {str(name): int(number) for name, number in found}


def _tables(service: str) -> list[Table]:
    tables: list[Table] = import_module(f"services.{service}.store").metadata.sorted_tables
    return tables

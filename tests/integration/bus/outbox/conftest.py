"""A database with the two ledgers, of either kind, and a relay between it and a broker that takes everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus.events.relay import Relay
from shared.storage.database import Database
from tests.contract.bus.services import metadata
from tests.integration.bus.outbox.relays import FakeLink, a_relay
from tests.integration.unhurried import unhurried


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

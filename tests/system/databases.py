"""The databases of installations, looked into beside the services that use them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine


@contextmanager
def open_database(url: str) -> Iterator[Connection]:
    """Open a database for one transaction; on SQLite wait for services that write."""
    engine = create_engine(url, connect_args={"timeout": 20} if url.startswith("sqlite") else {})
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()

"""Databases with a service's tables: each migrated once, and copied for all who ask."""

import shutil
from collections.abc import Callable
from functools import cache
from itertools import count

import pytest

from shared.storage.migrations import upgrade


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """Return a function of a service and a kind that returns the address of an empty database with the tables."""
    folder, numbers = tmp_path_factory.mktemp("migrated"), count()

    @cache
    def template(service: str, kind: str) -> str:
        if kind == "sqlite":
            address = f"sqlite:///{folder / service}.sqlite3"
        else:
            address = request.getfixturevalue("new_postgres_database")()
        upgrade(service, address)
        return address

    def new(service: str, kind: str) -> str:
        if kind == "postgresql":
            found: str = request.getfixturevalue("new_postgres_database")(like=template(service, kind))
            return found
        path = folder / f"{service}-{next(numbers)}.sqlite3"
        shutil.copy(template(service, kind).removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    return new

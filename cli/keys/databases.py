"""The databases of all services, opened by a command, and what in them holds sealed texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from sqlalchemy.exc import SQLAlchemyError

from cli.faces.endings import fail
from shared.settings import SERVICES, Settings
from shared.storage.database import Database
from shared.storage.keys.resealing import SealedTable, sealed_tables


@contextmanager
def opened(settings: Settings) -> Iterator[dict[str, Database]]:
    """Yield each service's database by its name; end the program with one sentence where one cannot be used."""
    databases = {service: Database(settings.database_url(service), limits=None) for service in SERVICES}
    try:
        yield databases
    except SQLAlchemyError as trouble:
        fail(f"a database cannot be used: {str(trouble).splitlines()[0]}.")
    finally:
        for database in databases.values():
            database.close()


def sealed_in(service: str, setting: str) -> list[SealedTable]:
    """Return the tables of a service that hold what is sealed by the keys of a setting."""
    return sealed_tables(import_module(f"services.{service}.store").metadata, setting)

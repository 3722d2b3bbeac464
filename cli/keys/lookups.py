"""What is found by the keys of `LOOKUP_KEY`, and what is left to the former ones (ADR 59)."""

from collections import Counter
from importlib import import_module
from typing import Any

from sqlalchemy import func, select

from shared.lookups import Openers, named
from shared.sealed import Sealer
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.keys.rehashing import HashedTable
from shared.storage.keys.walking import pages

LOOKUP_KEY, FORMER_LOOKUP_KEYS = "LOOKUP_KEY", "FORMER_LOOKUP_KEYS"
HISTORIES = "histories, which stay as they were written"


def accepted(settings: Settings) -> dict[str, str]:
    """Return the keys by which anything is found, by their names, the newest first."""
    return named((settings.lookup_key, *settings.other_lookup_keys))


def former(settings: Settings) -> dict[str, str]:
    """Return those by which only is known what cannot be hashed anew."""
    return named(settings.former_lookup_keys)


def hashed_in(service: str, settings: Settings) -> list[HashedTable]:
    """Return the tables of a service that are found by keyed hashes."""
    metadata = import_module(f"services.{service}.store").metadata
    lookups = import_module(f"services.{service}.lookups").LOOKUPS
    return [HashedTable(each, metadata, accepted(settings), _openers(settings)) for each in lookups]


def found_by(service: str, database: Database, settings: Settings) -> dict[str, Counter[str]]:
    """Return by place how many rows of a service are found by each key, by its name."""
    return {
        f"{service}.{hashed.lookup.table}": sum(map(hashed.found, hashed.pages(database)), Counter[str]())
        for hashed in hashed_in(service, settings)
    }


def linked_by(database: Database, settings: Settings) -> Counter[str]:
    """Return how many entries of booking's histories each key has linked, by its name."""
    keys, openers = {**accepted(settings), **former(settings)}, _openers(settings)
    tell: Any = import_module("services.booking.lookups").linked_by
    history = import_module("services.booking.store").metadata.tables["history"]
    found: Counter[str] = Counter()
    for page in pages(database, select(history), list(history.primary_key)):
        found.update(name for row in page if (name := tell(row._mapping, keys, openers)) is not None)
    return found


def untold(service: str, database: Database) -> Counter[str]:
    """Return by place how many hashes of a service nobody can tell the key of: nothing else is kept of them."""
    store, lookups = import_module(f"services.{service}.store"), import_module(f"services.{service}.lookups")
    found: Counter[str] = Counter()
    with database.reading() as connection:
        for name in lookups.KEPT:
            count = select(func.count()).select_from(store.metadata.tables[name])
            found[f"{service}.{name}"] = connection.scalars(count).one()
    return +found


def _openers(settings: Settings) -> Openers:
    return Openers(Sealer(settings.event_keys), Sealer(settings.identity_keys))

"""How long availability itself takes for a month that nobody asked for before: ten practitioners, days and counts."""

import statistics
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bench.slots.clinic import NAME, TYPES
from services.availability import schemas
from services.availability.handlers import keeping
from services.availability.store import AvailabilityStore
from shared.actor import PUBLIC
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from shared.storage.redis_store import connect
from shared.storage.slot_cache import SlotCache
from tests.builders.availability.fakes import a_desk

_SEARCHES = 60


def cold_month(environment: Mapping[str, str]) -> float:
    """Return the median milliseconds from the parsed question to the answer, kept in Redis as well."""
    database = Database(environment["AVAILABILITY_DATABASE_URL"])
    client = connect(environment["REDIS_URL"], decoded=False)
    desk = a_desk(
        UnitOfWork(database, AvailabilityStore),
        PUBLIC,
        datetime.now(UTC),
        searched=SlotCache(client),
    )
    first = desk.now.date() + timedelta(days=40)
    taken = []
    for type_key in TYPES[:_SEARCHES]:
        query = {"type": type_key, "from": f"{first}", "to": f"{first + timedelta(days=30)}"}
        asked = schemas.asked_days(query)
        begun = time.perf_counter()
        keeping.days(desk, NAME, asked)
        taken.append(time.perf_counter() - begun)
    database.close()
    client.close()
    return 1000 * statistics.median(taken[1:])

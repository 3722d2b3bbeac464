"""Databases as tests open them: a slow machine is no silent database, so that nothing is given up for it."""

from shared.storage.database import Database
from shared.storage.limits import Limits

UNHURRIED = Limits(connect=60, pool=60, lock=60, statement=120, idle=120, silence=120)
"""Seconds; the limits themselves are tried where nothing else is (`test_silent_database.py`)."""


def unhurried(address: str) -> Database:
    """Return the database at an address, with limits that only what hangs runs into."""
    return Database(address, UNHURRIED)

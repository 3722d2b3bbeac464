"""Brings a service's database up to its model, however many processes of the service start at once.

A service's migrations lie in its package, `services/<name>/migrations`: `env.py` (Alembic's entry, three lines over
`run`) and `versions/0001_….py`, written by hand.
"""

from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData, text

from shared.storage.database import Database

_LOCK = 0x66726F6E74  # any number, the same in every process; each service has its own database
_PATIENCE_SECONDS = 60
"""How long a process waits for others that migrate the same SQLite file: all of them, one after the other."""


def upgrade(service: str, url: str) -> None:
    """Run the migrations that the service's database at `url` still lacks, all of them or none.

    A second process waits for the first and then finds nothing left to do. Raises what the database raises.
    """
    database = Database(url, limits=None, patience=_PATIENCE_SECONDS)
    try:
        with database.transaction() as connection:
            if not database.is_sqlite:  # there BEGIN IMMEDIATE is the lock
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = Config()
            config.set_main_option("script_location", _script_location(service))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


def run(metadata: MetaData) -> None:
    """Migrate within the transaction that `upgrade` has opened; called by each service's `env.py`."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def _script_location(service: str) -> str:
    folder = str(files(f"services.{service}") / "migrations")
    return folder.replace("%", "%%")  # Alembic reads its options as ConfigParser does

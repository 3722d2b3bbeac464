"""Brings a service's database up to its model, however many processes of the service start at once.

A service's migrations lie in its package, `services/<name>/migrations`: `env.py` (Alembic's entry, three lines over
`run`) and `versions/0001_….py`, written by hand.
"""

from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from shared.storage.database import Database

_LOCK = 0x66726F6E74  # any number, the same in every process; each service has its own database
_PATIENCE_SECONDS = 60
"""How long a process waits for others that migrate the same SQLite file: all of them, one after the other."""


class NotMigrated(Exception):
    """A service's tables are not those of its code; the message says what to do."""


def require_current(service: str, connection: Connection) -> None:
    """Raise NotMigrated where the service's tables are missing or older than its code.

    Newer ones are right: a process of the version before serves on while its neighbours are replaced.
    """
    scripts = ScriptDirectory.from_config(_config(service))
    found, wanted = set(MigrationContext.configure(connection).get_current_heads()), set(scripts.get_heads())
    if not found:
        raise NotMigrated("its tables are not there; `frontdesk migrate` makes them")
    if found != wanted and found <= {script.revision for script in scripts.walk_revisions()}:
        raise NotMigrated("its tables are of an older version; `frontdesk migrate` brings them up to date")


def upgrade(service: str, url: str) -> None:
    """Run the migrations that the service's database at `url` still lacks, all of them or none.

    A second process waits for the first and then finds nothing left to do. Raises what the database raises.
    """
    database = Database(url, limits=None, patience=_PATIENCE_SECONDS)
    try:
        with database.transaction() as connection:
            if not database.is_sqlite:  # there BEGIN IMMEDIATE is the lock
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = _config(service)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


def run(metadata: MetaData) -> None:
    """Migrate within the transaction that `upgrade` has opened; called by each service's `env.py`."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def _config(service: str) -> Config:
    folder = str(files(f"services.{service}") / "migrations")
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))  # Alembic reads options as ConfigParser does
    return config

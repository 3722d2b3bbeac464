"""Disks that are full: RabbitMQ's, as it believes, and the one that holds booking's tables, in truth."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from sqlalchemy.engine import make_url

from tests.faults.load import Load
from tests.faults.pairs import BROKER, DATABASE, Pairs
from tests.servers.own_process import new_folder, remove_folder
from tests.servers.rabbitmq import refuse_messages

_MEGABYTES = 128
_LASTS_SECONDS = 13.0
"""Longer than any request waits."""


def disk_of_broker_full(house: Pairs, load: Load) -> None:
    """Let RabbitMQ take no messages for want of disk."""
    refuse_messages(house.servers[BROKER], True)
    load.stopping.wait(_LASTS_SECONDS)
    refuse_messages(house.servers[BROKER], False)


def disk_of_database_full(house: Pairs, load: Load) -> None:
    """Let booking's tables lie on a disk of their own that fills up; room is made again, and they move back.

    Needs a PostgreSQL of this machine's programs, and the right to mount.
    """
    with _small_disk() as disk, _administered(house.servers[DATABASE].address) as administrator:
        name = make_url(house.environment["BOOKING_DATABASE_URL"]).database
        administrator.execute("CREATE TABLESPACE small LOCATION %s", (str(disk / "tables"),))
        _move(administrator, name, "small")
        load.burst(10).run()
        ballast = disk / "ballast"
        with ballast.open("wb") as file:
            _fill(file.fileno())
        load.stopping.wait(_LASTS_SECONDS)
        ballast.unlink()
        load.burst(10).run()
        _move(administrator, name, "pg_default")
        administrator.execute("DROP TABLESPACE small")


@contextmanager
def _small_disk() -> Iterator[Path]:
    """Yield where a small disk is mounted, with a folder for tables of PostgreSQL."""
    place = new_folder("small-disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "tmpfs", str(place)], check=True)
    try:
        (place / "tables").mkdir()
        shutil.chown(place / "tables", "postgres")
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
        remove_folder(place)


@contextmanager
def _administered(address: str) -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(make_url(address).set(drivername="postgresql").render_as_string(hide_password=False))
    connection.autocommit = True  # tablespaces are made outside transactions
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _move(administrator: psycopg2.extensions.cursor, database: str | None, tablespace: str) -> None:
    """Move a database's tables, which nobody may be using meanwhile: all are sent away for that long."""
    named = sql.Identifier(database or "")
    administrator.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(named))
    administrator.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (database,)
    )
    administrator.execute(sql.SQL("ALTER DATABASE {} SET TABLESPACE {}").format(named, sql.Identifier(tablespace)))
    administrator.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(named))


def _fill(file: int) -> None:
    """Write until the disk takes no more."""
    piece = bytes(1 << 16)
    try:
        while os.write(file, piece):
            pass
    except OSError:
        return  # it is full

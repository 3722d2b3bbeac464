"""A private PostgreSQL, quick because it may lose its data unless it is to be hurt, and the fresh databases on it."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psycopg2
from psycopg2 import sql
from sqlalchemy.engine import URL, make_url

from tests.servers.container import OwnContainer
from tests.servers.own_process import OwnProcess, as_user, new_folder
from tests.servers.ports import free_port
from tests.servers.server import Server, ServerMissing

_ADDRESS = "postgresql+psycopg2://frontdesk:frontdesk@{host}:{port}/postgres"

_DURABLE = ("max_connections=400",)
_QUICK = (
    "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200",
    "max_wal_size=128MB",  # it may lie in memory; usually it keeps a gigabyte
)  # fmt: skip


def in_container(*, durable: bool = False) -> Server:
    """Return a PostgreSQL in a container, not yet started; one that is `durable` keeps what it has committed."""
    return OwnContainer(
        "postgres:15",
        ports={5432: free_port()},
        address=_ADDRESS,
        ready=_takes_connections,
        environment={"POSTGRES_USER": "frontdesk", "POSTGRES_PASSWORD": "frontdesk", "POSTGRES_DB": "postgres"},
        command=" ".join(["postgres", *_options(_DURABLE if durable else _QUICK)]),
    )


def installed(*, durable: bool = False) -> Server | None:
    """Return a PostgreSQL from this machine's programs, not yet started; None where there is none.

    One that is `durable` keeps what it has committed when it is killed, as that of a clinic does.
    """
    programs = _programs()
    if programs is None:
        return None
    user = _unprivileged_user()
    folder = new_folder("postgres", owner=user)
    port = free_port()
    _initialise(programs, folder, user)
    own = (f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=")
    settings = (*own, *(_DURABLE if durable else _QUICK))
    return OwnProcess(
        [str(programs / "postgres"), "-D", str(folder / "data"), *_options(settings)],
        address=_ADDRESS.format(host="127.0.0.1", port=port),
        folder=folder,
        ready=partial(_takes_connections, "127.0.0.1", port),
        user=user,
        stop_signal=signal.SIGINT,  # "fast": disconnects the clients; SIGTERM would wait for them
    )


class FreshDatabases:
    """Makes databases on a server and drops them all in the end."""

    def __init__(self, server_address: str) -> None:
        self._server = make_url(server_address)
        self._names: list[str] = []

    def new(self, like: str = "") -> str:
        """Return the address of a new database: empty, or a copy of the one at `like`, which nobody may be using."""
        name = f"test_{secrets.token_hex(6)}"
        if like:
            self._execute("CREATE DATABASE {} TEMPLATE {}", name, str(make_url(like).database))
        else:
            self._execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name)
        self._names.append(name)
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop_all(self) -> None:
        """Drop every database that was made here, whoever is still connected."""
        while self._names:
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._names.pop())

    def _execute(self, statement: str, *names: str) -> None:
        connection = psycopg2.connect(_plain(self._server))
        try:
            connection.autocommit = True  # databases are made outside transactions
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        finally:
            connection.close()


def _programs() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    if debian and (debian[-1] / "initdb").exists():
        return debian[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _unprivileged_user() -> str | None:
    """Return whom to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _initialise(programs: Path, folder: Path, user: str | None) -> None:
    command = [
        str(programs / "initdb"), "-D", str(folder / "data"), "-U", "frontdesk", "-A", "trust",
        "--no-sync", "--encoding=UTF8", "--locale=C",
    ]  # fmt: skip
    made = subprocess.run(  # type: ignore[call-overload]  # the user's arguments come as a dict
        command, cwd=folder, capture_output=True, text=True, check=False, **as_user(user)
    )
    if made.returncode != 0:
        raise ServerMissing(f"initdb failed: {made.stderr.strip()[-500:]}")


def _options(settings: Sequence[str]) -> list[str]:
    return [part for setting in settings for part in ("-c", setting)]


def _takes_connections(host: str, port: int) -> bool:
    try:
        psycopg2.connect(_plain(make_url(_ADDRESS.format(host=host, port=port))), connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)

"""The script by which the PostgreSQL image makes the services' databases, on a real PostgreSQL."""

import base64
import hashlib
import hmac
import os
import shutil
import subprocess
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from shared.settings import SERVICES
from tests.servers import debian
from tests.servers.server import Server, ServerMissing

SCRIPT = Path(__file__).parents[2] / "deploy/postgres/databases.sh"
PASSWORD = "p@ss/w:rd#'; DROP"  # what has to be quoted


@pytest.fixture(scope="module")
def made(postgres_to_hurt: Server) -> str:
    """Return the address of a PostgreSQL on which the script has run."""
    if shutil.which("psql") is None and not (debian.may_install() and debian.install("postgresql-client")):
        raise ServerMissing("psql is missing: install the package postgresql-client.")
    postgres_to_hurt.start()
    address = make_url(postgres_to_hurt.address)
    environment = {
        "PATH": os.environ["PATH"],
        "PGHOST": str(address.host),
        "PGPORT": str(address.port),
        "PGPASSWORD": str(address.password),
        "POSTGRES_USER": str(address.username),
        "SERVICE_DATABASE_PASSWORD": PASSWORD,
    }
    subprocess.run(["sh", str(SCRIPT)], env=environment, check=True, capture_output=True)
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_a_database_and_a_user_with_a_password_of_any_characters(made: str, service: str) -> None:
    """Who logs in by SCRAM proves that he can make the stored key from the password (RFC 5802)."""
    connection = psycopg2.connect(made)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", (service,))
        assert cursor.fetchall() == [(service,)]
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (service,))
        [[verifier]] = cursor.fetchall()
    connection.close()
    kind, rounds_and_salt, keys = verifier.split("$")
    rounds, _, salt = rounds_and_salt.partition(":")
    salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), base64.b64decode(salt), int(rounds))
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    assert kind == "SCRAM-SHA-256"
    assert base64.b64decode(keys.partition(":")[0]) == stored

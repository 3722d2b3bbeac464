"""A back-up that was taken while events were on their way, restored after everything else was lost.

The rows of those events say that they are published, to a broker that is gone with all that it held.
"""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from shared.settings import SERVICES
from tests.servers import debian
from tests.servers.server import ServerMissing
from tests.system.api_client import Client, staff
from tests.system.databases import open_database
from tests.system.demo_bookings import a_booking
from tests.system.installation import ADMIN, ROOT, Installation, deployed, wait_until

CLINIC, TYPE = "frenda", "exam"
AT = f"/staff/clinics/{CLINIC}"


@pytest.fixture
def running(
    tmp_path: Path,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> Iterator[Installation]:
    """Return an installation of its own with one clinic."""
    if shutil.which("pg_dump") is None and not (debian.may_install() and debian.install("postgresql-client")):
        raise ServerMissing("pg_dump is missing: install the package postgresql-client.")
    installation = deployed(tmp_path, new_rabbitmq_vhost(), new_redis_database(), new_postgres_database, {}, demo=False)
    try:
        installation.run("apply", "clinic", "apply", str(ROOT / f"demo/{CLINIC}.yaml"))
        yield installation
    finally:
        installation.stop()


def test_a_back_up_of_a_running_installation_is_whole_once_its_events_are_published_anew(
    running: Installation,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> None:
    since = datetime.now(UTC)
    old, lately, free = slots(Client(running.url))[:3]
    settled, to_cancel = book(running, old), book(running, free)
    wait_until(lambda: is_whole(running, settled) and is_whole(running, to_cancel), "all that follows")
    before = known(running, settled)

    dumps = {"availability": dump(running, "availability")}
    for process in ("patient-1", "notification-1"):
        running.kill(process)
    on_its_way = book(running, lately)
    assert Client(running.url).post(f"/manage/{to_cancel['manage_token']}/cancel").status == 200
    wait_until(lambda: is_told(running, "booking"), "both events are with the broker")
    dumps |= {service: dump(running, service) for service in SERVICES if service not in dumps}
    running.stop()

    running.environment |= {"AMQP_URI": new_rabbitmq_vhost(), "REDIS_URL": new_redis_database()}
    for service, dumped in dumps.items():
        running.environment[f"{service.upper()}_DATABASE_URL"] = restored(dumped, new_postgres_database())
    start(running)
    assert known(running, on_its_way)["messages"] == Counter(), "lost with the broker"
    assert old["start"] not in offered(running)
    assert free["start"] not in offered(running)
    running.run("republish", "events", "republish", "--since", since.isoformat())

    wait_until(lambda: is_whole(running, on_its_way), "all that follows the booking that was on its way")
    wait_until(lambda: known(running, to_cancel)["watch_list"], "the cancellation that was on its way")
    wait_until(lambda: free["start"] in offered(running), "the time that was given back")
    wait_until(lambda: lately["start"] not in offered(running), "the time that was taken")
    wait_until(lambda: "cancelled by sms" in known(running, to_cancel)["messages"], "what the patient is told of it")
    wait_until(lambda: is_told(running) and not_double(running), "nothing is left to be told")
    running.run("reconcile", "reconcile", "--all")
    assert known(running, settled) == before
    for booking in (settled, to_cancel, on_its_way):
        found = known(running, booking)
        assert set(found["messages"].values()) == {1}, found
        assert len(found["patients"]) == 1, found


def slots(public: Client) -> list[dict[str, Any]]:
    """Return free times far enough away that none is near a deadline, on days of their own."""
    found = public.slots(CLINIC, TYPE, datetime.now(UTC).date() + timedelta(days=30))
    return list({slot["start"][:10]: slot for slot in found}.values())


def offered(running: Installation) -> set[str]:
    """Return the starts that are offered."""
    found = Client(running.url).slots(CLINIC, TYPE, datetime.now(UTC).date() + timedelta(days=30))
    return {slot["start"] for slot in found}


def book(running: Installation, slot: dict[str, Any]) -> dict[str, Any]:
    """Book a time for somebody new; return what names booking and patient."""
    body = a_booking(CLINIC, slot)
    answer = Client(running.url).post(f"/clinics/{CLINIC}/bookings", body)
    assert answer.status == 201, answer
    return {**answer.body, "number": body["patient"]["national_id"]}


def known(running: Installation, booking: dict[str, Any]) -> dict[str, Any]:
    """Return all that a booking has set off, as staff see it."""
    administrator = staff(running.url, *ADMIN)
    found = administrator.get(f"{AT}/messages", booking=booking["reference"], limit=200)["messages"]
    watched = administrator.get(f"{AT}/watch-list", limit=200)["watch_list"]
    return {
        "patient": administrator.get(f"{AT}/bookings/{booking['reference']}")["patient"]["id"],
        "patients": administrator.get(f"{AT}/patients", q=booking["number"])["patients"],
        "messages": Counter(f"{each['event']} by {each['channel']}" for each in found if each["audience"] == "patient"),
        "planned": sorted(each["at"] for each in found if each["state"] == "planned" and each["event"] == "reminder"),
        "watch_list": [each["id"] for each in watched if each["booking"]["reference"] == booking["reference"]],
    }


def is_whole(running: Installation, booking: dict[str, Any]) -> bool:
    """Tell whether everything has followed a booking that stands."""
    found = known(running, booking)
    return bool(found["patient"] and found["patients"] and found["planned"] and "booked by sms" in found["messages"])


def is_told(running: Installation, *services: str) -> bool:
    """Tell whether the outboxes of these services, or of all, hold nothing that is still to be published."""
    return not any(count(running, service, "outbox WHERE published_at IS NULL") for service in services or SERVICES)


def not_double(running: Installation) -> bool:
    """Tell whether each message that has gone out stands once in its booking's history."""
    sent = count(running, "notification", "messages WHERE state = 'sent' AND booking IS NOT NULL")
    return count(running, "booking", "history WHERE type = 'MessageSent'") == sent


def count(running: Installation, service: str, rows: str) -> int:
    """Return how many rows there are in a service's database."""
    with open_database(running.environment[f"{service.upper()}_DATABASE_URL"]) as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {rows}")).scalar_one())


def start(running: Installation) -> None:
    """Start everything, and wait until it serves."""
    for service in SERVICES:
        running.start(f"{service}-1", "serve", service)
    running.start("gateway", "serve", "gateway")
    running.wait_ready()


def dump(running: Installation, service: str) -> bytes:
    """Return a dump of a service's database, as docs/operations.md makes it."""
    return _program("pg_dump", running.environment[f"{service.upper()}_DATABASE_URL"])


def restored(dumped: bytes, url: str) -> str:
    """Fill an empty database from a dump and return its address."""
    _program("psql", url, "--quiet", "--set", "ON_ERROR_STOP=1", stdin=dumped)
    return url


def _program(name: str, url: str, *arguments: str, stdin: bytes = b"") -> bytes:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = [name, *arguments, "--dbname", address]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout

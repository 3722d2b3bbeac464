"""A clinic moves in while processes are killed: all is there once, and nobody is told (PRODUCT C14, issue 14)."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from shared.actor import Actor, sign
from shared.bus.client import BlockingClient
from shared.contracts.errors import Timeout, Unavailable
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, in_days, own_clinic
from tests.system.databases import open_database
from tests.system.installation import ADMIN, Installation, wait_until

PEOPLE, TIMES, AT_ONCE = 150, 300, 30
KILLED = {"patient-1": "patient", "booking-1": "booking", "booking-2": "booking"}
ZONE = ZoneInfo("Europe/Stockholm")
TOOL = Actor("tool", "mover")
Lines = list[dict[str, Any]]


@pytest.fixture
def clinic(deployed_installation: Installation) -> OwnClinic:
    """Return a clinic of two practitioners that reminds its patients a day before."""
    public, administrator = Client(deployed_installation.url), staff(deployed_installation.url, *ADMIN)
    people = [{"key": "anna", "name": "Anna Berg"}, {"key": "bo", "name": "Bo Ek"}]
    return own_clinic(public, administrator, practitioners=people, reminders=[{"before": "24h", "channel": "sms"}])


@pytest.fixture
def calling(deployed_installation: Installation) -> Iterator[Callable[..., Lines]]:
    """Return what takes a batch over, again and again until somebody answers."""
    environment = deployed_installation.environment

    def token() -> str:
        return sign(TOOL, "house", environment["ACTOR_KEY"], datetime.now(UTC))

    with closing(BlockingClient(environment["AMQP_URI"], token)) as client:

        def call(service: str, method: str, clinic: str, lines: Lines) -> Lines:
            answers: Lines = []

            def is_answered() -> bool:
                try:
                    answers[:] = client.call(service, method, clinic, lines=lines, timeout=5.0)["lines"]
                except (Timeout, Unavailable):
                    return False
                return True

            wait_until(is_answered, f"{service}.{method} answers")
            return answers

        yield call


def patients() -> Lines:
    return [
        {"line": n + 1, "former": f"P{n}", "first_name": "Test", "last_name": f"Person {chr(97 + n % 26)}",
         "birth_date": f"{1950 + n // 12}-{n % 12 + 1:02d}-05", "mobile": f"+4670174{n:04d}"}
        for n in range(PEOPLE)
    ]  # fmt: skip


def appointments() -> Lines:
    """Return half-hours on end, day and night, from in three weeks on."""
    first = datetime.combine(in_days(21), time(), ZONE).astimezone(UTC)
    return [
        {"line": n + 1, "former": f"A{n}", "patient": {"former": f"P{n % PEOPLE}"}, "type": "visit",
         "practitioner": ("anna", "bo")[n % 2], "start": (first + n // 2 * timedelta(minutes=30)).isoformat()}
        for n in range(TIMES)
    ]  # fmt: skip


def test_c14_processes_that_are_killed_leave_nothing_half_done_nothing_twice_and_nobody_told(
    deployed_installation: Installation, clinic: OwnClinic, calling: Callable[..., Lines]
) -> None:
    house = deployed_installation

    def count(service: str, query: str) -> int:
        with open_database(house.environment[f"{service.upper()}_DATABASE_URL"]) as connection:
            return int(connection.execute(text(query), {"clinic": clinic.key}).scalar_one())

    def take_over() -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for service, method, lines in (
            ("patient", "import_patients", patients()),
            ("booking", "import_bookings", appointments()),
        ):
            for first in range(0, len(lines), AT_ONCE):
                answers = calling(service, method, clinic.key, lines[first : first + AT_ONCE])
                outcomes.update(each["outcome"] for each in answers)
        return outcomes

    imported = "SELECT count(*) FROM imported WHERE clinic = :clinic"
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(take_over)
        for service, there in (("patient", 2 * AT_ONCE), ("booking", AT_ONCE), ("booking", TIMES // 2)):
            wait_until(lambda service=service, there=there: count(service, imported) >= there, "a part is there")
            for name in [name for name in KILLED if name.startswith(service)]:
                house.kill(name)
                house.start(name, "serve", KILLED[name])
        assert running.result().total() == PEOPLE + TIMES
    assert take_over() == {"known": PEOPLE + TIMES}
    assert count("patient", "SELECT count(*) FROM patients WHERE clinic = :clinic") == PEOPLE
    of_clinic = "FROM bookings WHERE clinic = :clinic"
    assert count("booking", f"SELECT count(*) {of_clinic}") == TIMES
    assert count("booking", f"SELECT count(*) FROM history WHERE booking IN (SELECT reference {of_clinic})") == TIMES
    reminded = "SELECT count(DISTINCT booking) FROM messages WHERE clinic = :clinic AND event = 'reminder'"
    wait_until(lambda: count("notification", reminded) == TIMES, "everybody's reminder is planned")
    taken = "SELECT count(DISTINCT reference) FROM occupancy WHERE clinic = :clinic"
    wait_until(lambda: count("availability", taken) == TIMES, "all times are taken")
    linked = "SELECT count(*) FROM patients WHERE clinic = :clinic AND version > 1"
    assert count("patient", linked) == 0, "what bookings say of whom they are for is nothing new"
    assert count("notification", "SELECT count(*) FROM messages WHERE clinic = :clinic AND event <> 'reminder'") == 0
    assert clinic.slots(in_days(22)) == []

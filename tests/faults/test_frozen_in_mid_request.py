"""A change whose client was told 504 is never done afterwards, over one that was answered (DESIGN rule 5, ADR 18)."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.servers.warm import ended
from tests.system.api_client import Answer, Client, staff
from tests.system.clinics import OwnClinic, at, in_days, own_clinic
from tests.system.databases import open_database
from tests.system.installation import ADMIN, STOP_SECONDS, Installation, wait_until

EACH = 3
FROZEN, OTHER = "booking-frozen", "booking-1"
PATIENT_DATABASE = {"DATABASE_IDLE_TIMEOUT": "600", "DATABASE_SILENCE_TIMEOUT": "600"}
"""So that it is not the database that ends what was frozen, on a slow machine either."""


@pytest.fixture
def clinic(frontdesk: Installation, public: Client) -> OwnClinic:
    """Return a clinic of its own."""
    return own_clinic(public, staff(frontdesk.url, *ADMIN))


def ended_kindly(installation: Installation, name: str) -> None:
    """End a process as a supervisor does: what it has in hand it finishes."""
    process = installation.processes.pop(name)
    process.send_signal(signal.SIGTERM)
    assert ended(process, within=STOP_SECONDS) == 0, installation.logs()


@contextmanager
def nobody_reads_bookings(installation: Installation) -> Iterator[Connection]:
    """Keep everybody from reading bookings."""
    with open_database(installation.environment["BOOKING_DATABASE_URL"]) as connection:
        connection.execute(text("LOCK TABLE bookings IN ACCESS EXCLUSIVE MODE"))
        yield connection


def wait_for(connection: Connection, references: list[str]) -> None:
    """Wait until somebody waits to read each of these bookings."""
    asked = text("SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

    def all_wait() -> bool:
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        queries = connection.execute(asked).scalars().all()
        return all(any(reference in query for query in queries) for reference in references)

    wait_until(all_wait, "all changes have reached the database")


def change(installation: Installation, token: str, how: str, body: Any) -> Answer:
    """Ask once for a move or a cancellation by a link."""
    return OwnClinic(Client(installation.url, tries=1), Client(installation.url), "").link(token, how, body)


def until_answered(installation: Installation, token: str, start: str) -> None:
    """Move a booking; requests may come to lie in the socket of a frozen process."""
    wait_until(lambda: change(installation, token, "rebook", {"start": start}).status == 200, "another process answers")


def test_what_a_frozen_process_of_booking_had_in_hand_or_in_its_socket_undoes_nothing_when_it_goes_on(
    frontdesk: Installation, clinic: OwnClinic
) -> None:
    """Moved, and cancelled, told 504; moved again, and answered: 0 of n undone."""
    times = [f"{8 + number // 2:02d}:{30 * (number % 2):02d}" for number in range(2 * EACH)]
    booked = [clinic.book(at(in_days(20), time)).body for time in times]
    changes: list[tuple[str, Any]] = [("rebook", {"start": at(in_days(22), time)}) for time in times[:EACH]]
    changes += [("cancel", {})] * EACH
    wanted = [at(in_days(21), time) for time in times]
    ended_kindly(frontdesk, OTHER)
    frontdesk.start(FROZEN, "serve", "booking", **PATIENT_DATABASE)
    frontdesk.wait_ready()
    with ThreadPoolExecutor() as clients:
        with nobody_reads_bookings(frontdesk) as connection:
            abandoned = [
                clients.submit(change, frontdesk, each["manage_token"], how, body)
                for each, (how, body) in zip(booked, changes, strict=True)
            ]
            wait_for(connection, [each["reference"] for each in booked])
            frontdesk.processes[FROZEN].send_signal(signal.SIGSTOP)
        assert [answer.result().status for answer in abandoned] == [504] * len(booked)
        frontdesk.start(OTHER, "serve", "booking")
        answered = [
            clients.submit(until_answered, frontdesk, each["manage_token"], start)
            for each, start in zip(booked, wanted, strict=True)
        ]
        for answer in answered:
            answer.result()
    frontdesk.processes[FROZEN].send_signal(signal.SIGCONT)
    ended_kindly(frontdesk, FROZEN)
    stands = [clinic.link(each["manage_token"]).body for each in booked]
    assert [(each["status"], each["start"], each["version"]) for each in stands] == [
        ("booked", start, 2) for start in wanted
    ]

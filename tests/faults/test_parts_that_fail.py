"""What people meet while RabbitMQ, PostgreSQL, Redis or a service is down, and what is left of it afterwards.

DESIGN rules 2 to 5: an answer within seconds, never a 500; what was answered stands; every event acts in the end.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import requests

from gateway.access.browser.staff_cookie import COOKIE
from tests.servers.server import Server
from tests.system.api_client import TIME_LIMIT, Answer, Client, staff
from tests.system.demo_bookings import a_booking
from tests.system.installation import ADMIN, Installation, wait_until

CLINIC, TYPE = "frenda", "exam"
PATIENCE = TIME_LIMIT - 1.0
"""Seconds in which anybody gets an answer, whatever is down: the product's own ten, and what a machine may stall."""

_weeks = count(1)


def free_slots(public: Client) -> list[dict[str, Any]]:
    """Return the free times of a week that no other test uses."""
    for _ in range(20):
        first = datetime.now(UTC).date() + timedelta(weeks=next(_weeks))
        if slots := public.slots(CLINIC, TYPE, first, 7):
            return slots
    raise AssertionError("no free time within twenty weeks")


def book(public: Client, slot: dict[str, Any]) -> Answer:
    """Try to book a time for somebody new."""
    return public.post(f"/clinics/{CLINIC}/bookings", a_booking(CLINIC, slot))


def submit(public: Client, slot: dict[str, Any]) -> Callable[[], Answer]:
    """Return what tries to book a time for somebody new, each time it is called the very same (B13)."""
    body, key, once = a_booking(CLINIC, slot), uuid4().hex, replace(public, tries=1)
    return lambda: once.post(f"/clinics/{CLINIC}/bookings", body, Idempotency_Key=key)


def messages_of(administrator: Client, reference: str) -> list[str]:
    """Return which messages a booking has set off."""
    found = administrator.get(f"/staff/clinics/{CLINIC}/messages", booking=reference, limit=200)
    return sorted(f"{message['event']} by {message['channel']} to {message['to']}" for message in found["messages"])


def kindly_refused(ask: Callable[[], Answer]) -> None:
    """Check that `ask` gets a 503 or 504 with its code within seconds."""
    begun = time.monotonic()
    answer = ask()
    assert time.monotonic() - begun < PATIENCE
    assert (answer.status, answer["code"]) in {(503, "unavailable"), (504, "timeout")}, answer


def answers_again(ask: Callable[[], Answer]) -> Answer:
    """Return the first answer that is not 503 or 504; who is told to try again tries again."""
    answers: list[Answer] = []

    def answered() -> bool:
        try:
            answers.append(ask())
        except requests.ConnectionError:
            return False
        return answers[-1].status not in {503, 504}

    wait_until(answered, "an answer from all services")
    return answers[-1]


@pytest.mark.parametrize("how", ["stop", "pause"])
def test_without_rabbitmq_everybody_is_told_within_seconds_and_it_heals(
    frontdesk: Installation, public: Client, rabbitmq_server: Server, how: str
) -> None:
    slot, another = free_slots(public)[0], free_slots(public)[0]
    getattr(rabbitmq_server, how)()
    kindly_refused(lambda: book(public, slot))
    rabbitmq_server.resume()
    rabbitmq_server.start()
    assert answers_again(submit(public, another)).status == 201


@pytest.mark.parametrize("how", ["stop", "kill", "pause"])
def test_without_postgresql_nothing_is_half_done_and_it_heals(
    frontdesk: Installation, public: Client, postgres_server: Server, how: str
) -> None:
    slot = free_slots(public)[0]
    getattr(postgres_server, how)()
    kindly_refused(lambda: book(public, slot))
    postgres_server.resume()
    postgres_server.start()
    assert answers_again(submit(public, slot)).status == 201


def test_without_redis_booking_goes_on(frontdesk: Installation, public: Client, redis_server: Server) -> None:
    slot = free_slots(public)[0]
    redis_server.kill()
    assert book(public, slot).status == 201


def test_what_was_answered_stands_after_a_crash_and_everything_follows_once(
    frontdesk: Installation, public: Client
) -> None:
    """DESIGN rules 2 and 3: the booking service dies between answering and telling."""
    slot, another = free_slots(public)[0], free_slots(public)[0]
    booked = book(public, slot)
    assert booked.status == 201, booked
    frontdesk.kill("booking-1")
    kindly_refused(lambda: book(public, another))
    frontdesk.start("booking-1", "serve", "booking")
    frontdesk.wait_ready()
    administrator = staff(frontdesk.url, *ADMIN)
    wait_until(lambda: messages_of(administrator, booked["reference"]), "the messages of the booking")
    sent = messages_of(administrator, booked["reference"])
    assert len(sent) == len(set(sent))


def test_what_a_service_missed_while_it_was_down_reaches_it_afterwards(frontdesk: Installation, public: Client) -> None:
    frontdesk.kill("notification-1")
    booked = book(public, free_slots(public)[0])
    assert booked.status == 201, "nobody waits for messages to be written"
    frontdesk.start("notification-1", "serve", "notification")
    frontdesk.wait_ready()
    administrator = staff(frontdesk.url, *ADMIN)
    wait_until(lambda: len(messages_of(administrator, booked["reference"])) >= 2, "confirmation by SMS and email")
    assert len(messages_of(administrator, booked["reference"])) == len(
        set(messages_of(administrator, booked["reference"]))
    )


def test_a_patient_who_tries_again_after_a_failure_gets_one_booking(
    frontdesk: Installation, public: Client, rabbitmq_server: Server
) -> None:
    """B13: the first answer was lost, the second try carries the same key."""
    attempt = submit(public, free_slots(public)[0])
    rabbitmq_server.pause()
    kindly_refused(attempt)
    rabbitmq_server.resume()
    first = answers_again(attempt)
    assert first.status == 201, first
    assert attempt()["reference"] == first["reference"]


# The desk (C15)

AS_OF = re.compile(r"We cannot reach everything right now\. This is how it was at [^<]*\d\d:\d\d\.")


@dataclass
class Desk:
    """A browser at the clinic's console."""

    url: str
    token: str

    def load(self, path: str) -> requests.Response:
        """Load a page; whoever waits for it has it within seconds."""
        begun = time.monotonic()
        cookie = {"Cookie": f"{COOKIE}={self.token}", "Accept-Language": "en"}
        page = requests.get(f"{self.url}/staff/{CLINIC}{path}", headers=cookie, timeout=TIME_LIMIT)
        assert time.monotonic() - begun < PATIENCE
        return page


@pytest.fixture
def desk(frontdesk: Installation) -> Desk:
    """Return the browser of somebody who has signed in."""
    token = staff(frontdesk.url, *ADMIN).token
    assert token
    return Desk(frontdesk.url, token)


@pytest.mark.parametrize("part", ["rabbitmq_server", "postgres_server"])
def test_c15_the_last_known_day_is_shown_with_its_time_and_then_the_day_as_it_is(
    desk: Desk, public: Client, request: pytest.FixtureRequest, part: str
) -> None:
    slots, server = free_slots(public), request.getfixturevalue(part)
    first, later = slots[0], slots[-1]
    known = answers_again(submit(public, first))["reference"]
    calendar, paper = f"/calendar?date={first['start'][:10]}", f"/day-list.pdf?date={first['start'][:10]}"
    wait_until(lambda: f'data-reference="{known}"' in desk.load(calendar).text, "the day as it is")
    wait_until(lambda: desk.load(paper).status_code == 200, "the day list")

    server.stop()
    wait_until(lambda: AS_OF.search(desk.load(calendar).text), "the last known day with its time")
    page = desk.load(calendar)
    assert page.status_code == 200
    assert f'data-reference="{known}"' in page.text
    assert desk.load(paper).headers["Content-Type"] == "application/pdf"
    nobody_saw = desk.load("/calendar?date=2031-01-07")
    assert nobody_saw.status_code in {503, 504}
    assert "Traceback" not in nobody_saw.text

    server.start()
    fresh = answers_again(submit(public, later))["reference"]
    wait_until(lambda: f'data-reference="{fresh}"' in desk.load(f"/calendar?date={later['start'][:10]}").text, "news")
    wait_until(lambda: not AS_OF.search(desk.load(calendar).text), "the day as it is again")

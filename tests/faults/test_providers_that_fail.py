"""What becomes of messages while a provider is slow, breaks off, or a process dies with one in hand (PRODUCT N5, N6).

Real processes send by the real libraries to a local server that plays Twilio and SendGrid. Hours pass by changing when
a row is due, never by waiting.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.notification.channels.transport import READ_SECONDS
from tests.servers.providers import Fault, Providers, running_providers
from tests.system.api_client import Client, staff
from tests.system.demo_bookings import a_booking, day_of_its_own, in_a_week
from tests.system.installation import ADMIN, Installation, deployed, embedded, wait_until
from tests.system.sending_time import all_tried, let_pass

CLINIC, TYPE, PRACTITIONER = "frenda", "exam", "anna"
QUICK = READ_SECONDS
"""Seconds in which everybody else is answered while a provider is not: sooner than it is given up."""

_turns = count()


@pytest.fixture
def providers() -> Iterator[Providers]:
    """Return both providers, fresh."""
    with running_providers() as providers:
        yield providers


@pytest.fixture(params=[pytest.param("embedded", marks=pytest.mark.deep), "deployed"])
def frontdesk(request: pytest.FixtureRequest, tmp_path: Path, providers: Providers) -> Iterator[Installation]:
    """Return an installation that sends by the providers: one process per service, or everything in one process.

    Both send by the same code, and hand messages out alike from either database, as notification's store contract
    proves. What becomes of them when the process dies is looked at in both forms in every run.
    """
    if request.param == "embedded":
        installation = embedded(tmp_path, **providers.settings())
    else:
        new: Callable[[str], Callable[[], str]] = request.getfixturevalue
        servers = new("new_rabbitmq_vhost")(), new("new_redis_database")(), new("new_postgres_database")
        installation = deployed(tmp_path, *servers, {}, **providers.settings())
    try:
        installation.wait_ready()
        yield installation
    finally:
        providers.let_go()
        installation.stop()


def book(frontdesk: Installation) -> str:
    """Book a time on a day of its own, and return its reference."""
    public = Client(frontdesk.url)
    slot = day_of_its_own(public.slots(CLINIC, TYPE, in_a_week(), practitioner=PRACTITIONER), next(_turns))
    booked = public.post(f"/clinics/{CLINIC}/bookings", a_booking(CLINIC, slot, practitioner=PRACTITIONER))
    assert booked.status == 201, booked
    reference: str = booked["reference"]
    return reference


def messages_of(frontdesk: Installation, reference: str) -> dict[str, dict[str, Any]]:
    """Return the patient's confirmations of a booking by channel."""
    administrator, found = staff(frontdesk.url, *ADMIN), {}

    def written() -> bool:
        listed = administrator.get(f"/staff/clinics/{CLINIC}/messages", booking=reference)["messages"]
        found.update({each["channel"]: each for each in listed if each["event"] == "booked"})
        return len(found) == 2

    wait_until(written, "confirmation by SMS and email")
    return found


def becomes(frontdesk: Installation, reference: str, channel: str, state: str) -> None:
    """Wait until a confirmation is in that state."""
    wait_until(lambda: messages_of(frontdesk, reference)[channel]["state"] == state, f"{channel} {state}")


def mailed(providers: Providers) -> list[str]:
    """Return our ids of all emails that were taken."""
    return [each.fields["custom_args"]["frontdesk_message"] for each in providers.emails]


def kill_sender(frontdesk: Installation) -> None:
    """End the process that sends, as a crash would."""
    frontdesk.kill("up" if "up" in frontdesk.processes else "notification-1")


def start_sender(frontdesk: Installation) -> None:
    """Start it again."""
    if "notification-1" in (name.stem for name in frontdesk.folder.glob("*.log")):
        frontdesk.start("notification-1", "serve", "notification")
    else:
        frontdesk.start("up", "up")
    frontdesk.wait_ready()


def test_n5_a_provider_that_does_not_answer_holds_up_neither_calls_nor_the_other_channel(
    frontdesk: Installation, providers: Providers
) -> None:
    providers.fail("sms", *[Fault(mute=True)] * 20)
    references = [book(frontdesk) for _ in range(3)]
    wait_until(lambda: providers.requests.count("sms") >= 3, "three SMS handed over side by side")
    begun = time.monotonic()
    for service in ("availability", "booking", "notification"):
        assert messages_of(frontdesk, references[0])["sms"]["state"] == "planned", service
    assert Client(frontdesk.url).slots(CLINIC, TYPE, in_a_week())
    references.append(book(frontdesk))
    assert time.monotonic() - begun < QUICK
    for reference in references:
        becomes(frontdesk, reference, "email", "sent")
    assert not providers.sms


@pytest.mark.parametrize("frontdesk", ["embedded", "deployed"], indirect=True)
def test_n6_a_process_that_dies_before_noting_that_a_message_was_taken_does_not_send_it_twice(
    frontdesk: Installation, providers: Providers
) -> None:
    providers.fail("sms", Fault(held=True))
    providers.fail("email", *[Fault(held=True)] * 10)
    reference = book(frontdesk)
    email = messages_of(frontdesk, reference)["email"]["id"]
    wait_until(lambda: providers.sms and email in mailed(providers), "both taken, none answered")
    kill_sender(frontdesk)
    providers.let_go()
    let_pass(frontdesk, timedelta(minutes=6))
    start_sender(frontdesk)
    becomes(frontdesk, reference, "sms", "sent")
    assert "list" in providers.requests, "Twilio was asked"
    all_tried(frontdesk)
    let_pass(frontdesk, timedelta(minutes=31))
    becomes(frontdesk, reference, "email", "failed")
    failed = messages_of(frontdesk, reference)["email"]
    assert failed["reason"]["text"] == "It is not known whether this was sent."
    assert len(providers.sms) == 1
    assert len(set(mailed(providers))) == len(providers.emails)


def test_n6_a_connection_that_breaks_after_the_message_was_taken_does_not_send_it_twice(
    frontdesk: Installation, providers: Providers
) -> None:
    providers.fail("sms", Fault(lost=True))
    reference = book(frontdesk)
    becomes(frontdesk, reference, "email", "sent")
    wait_until(lambda: messages_of(frontdesk, reference)["sms"]["reason"], "the break is noted")
    assert messages_of(frontdesk, reference)["sms"]["state"] == "planned"
    all_tried(frontdesk)
    let_pass(frontdesk, timedelta(minutes=2))
    becomes(frontdesk, reference, "sms", "sent")
    assert len(providers.sms) == 1


def test_n6_a_provider_that_is_down_for_hours_delays_messages_and_loses_none(
    frontdesk: Installation, providers: Providers
) -> None:
    providers.stop()
    references = [book(frontdesk) for _ in range(3)]
    for hours in (1, 2, 4, 8):
        _all_wait(frontdesk, references)
        let_pass(frontdesk, timedelta(hours=hours))
    _all_wait(frontdesk, references)
    providers.start()
    let_pass(frontdesk, timedelta(hours=12))
    for reference in references:
        for channel in ("sms", "email"):
            becomes(frontdesk, reference, channel, "sent")
    assert len({each.to for each in providers.sms}) == len(providers.sms) == 3


def _all_wait(frontdesk: Installation, references: list[str]) -> None:
    """Wait until all confirmations were tried in vain, and nobody has one in hand."""
    for reference in references:
        wait_until(lambda: _is_waiting(messages_of(frontdesk, reference)), "a failed attempt is noted")  # noqa: B023
    all_tried(frontdesk)


def _is_waiting(messages: dict[str, dict[str, Any]]) -> bool:
    return all(each["state"] == "planned" and each["reason"] for each in messages.values())

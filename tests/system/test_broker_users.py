"""Each process and each tool has a user of RabbitMQ of its own: its work is done with it, and nothing else."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pika
import pytest

from cli.commands.running import PROCESSES
from shared.actor import Actor, sign
from shared.bus.client import BlockingClient
from shared.bus.events.signatures import SIGNATURE, Signatures
from shared.contracts.errors import Forbidden, NotFound
from tests.system.api_client import Client, staff
from tests.system.clinics import at, in_days, own_clinic
from tests.system.guarded import TILL_KEY, Guarded
from tests.system.installation import ADMIN, ROOT, wait_until


def booking_announced(guarded: Guarded, **changes: Any) -> tuple[str, bytes]:
    """Return an event of a booking that nobody made, and its id."""
    event: dict[str, Any] = {
        "id": uuid4().hex, "type": "BookingCreated", "source": "booking", "time": datetime.now(UTC).isoformat(),
        "clinic": "nowhere", "subject": "0000000000", "subject_version": 1, "actor": {"kind": "patient", "id": None},
        "correlation_id": "c", "data": {}, **changes,
    }  # fmt: skip
    return event["id"], json.dumps(event).encode()


def test_a_booking_and_all_that_follows_are_done_with_the_users_of_the_processes(guarded: Guarded) -> None:
    url = guarded.installation.url
    clinic = own_clinic(Client(url), staff(url, *ADMIN))
    booked = clinic.book(at(in_days(20), "09:00"))
    assert booked.status == 201, booked

    def followed() -> bool:
        told = clinic.desk("GET", "messages", booking=booked["reference"], limit=200)["messages"]
        history = clinic.desk("GET", f"bookings/{booked['reference']}/history", limit=200)["history"]
        is_linked = clinic.desk("GET", f"bookings/{booked['reference']}")["patient"]["id"] is not None
        is_noted = "MessageSent" in {entry["type"] for entry in history}
        return (
            is_linked
            and is_noted
            and {each["channel"] for each in told if each["audience"] == "patient"} == {"sms", "email"}
        )

    wait_until(followed, f"what follows a booking; {guarded.installation.logs()}")
    assert "09:00" not in clinic.starts(in_days(20))
    assert "ACCESS_REFUSED" not in guarded.installation.logs()


def test_what_fails_is_tried_again_and_what_is_forged_set_aside_with_the_service_s_own_user(guarded: Guarded) -> None:
    signatures = Signatures(guarded.installation.environment["EVENT_SIGNING_KEYS"])
    failing, body = booking_announced(guarded)
    forged, unsigned = booking_announced(guarded)
    signed = {SIGNATURE: signatures.of("booking", "BookingCreated", body)}
    queue = "evt-booking-BookingCreated--notification.send_confirmation"
    with guarded.channel() as channel:
        for name, event, headers in ((failing, body, signed), (forged, unsigned, {})):
            properties = pika.BasicProperties(message_id=name, headers=headers, delivery_mode=2)
            channel.basic_publish("", queue, event, properties)

        def waiting_in(name: str) -> int:
            count: int = channel.queue_declare(name, passive=True).method.message_count
            return count

        wait_until(lambda: waiting_in(f"{queue}.dead"), f"the forged one is set aside; {guarded.installation.logs()}")
        retries = [f"frontdesk.retry.{wait}" for wait in (5000, 10000, 30000, 120000, 600000)]
        wait_until(lambda: any(map(waiting_in, retries)), f"the failing one waits; {guarded.installation.logs()}")
        listed = run_command(guarded, guarded.address, "dead-letters", "list")
        assert forged in listed.stdout
        assert "Unproven" in listed.stdout
        assert failing not in listed.stdout


def publish(exchange: str, routing_key: str) -> Callable[[Any], object]:
    """Return what publishes something."""
    return lambda channel: channel.basic_publish(exchange, routing_key, b"{}")


def listen(exchange: str, routing_key: str, user: str = "till") -> Callable[[Any], object]:
    """Return what binds a queue that a user may have to an exchange."""

    def bind(channel: Any) -> None:
        queue = f"rpc.reply-{user}-{uuid4()}"
        channel.queue_declare(queue, exclusive=True, auto_delete=True)
        channel.queue_bind(queue, exchange, routing_key)

    return bind


QUEUE = "evt-booking-BookingCreated--patient.create_or_fill"


@pytest.mark.parametrize(
    "what",
    [
        publish("booking.events", "BookingCreated"),
        publish("", QUEUE),
        publish("", "rpc-booking"),
        publish("frontdesk.retry.1000", QUEUE),
        publish("nameko-rpc", uuid4().hex),
        listen("nameko-rpc", "#"),
        listen("nameko-rpc", "booking.*"),
        listen("booking.events", "#"),
        lambda channel: channel.basic_get(QUEUE),
        lambda channel: channel.basic_get(f"{QUEUE}.dead"),
        lambda channel: channel.queue_purge("rpc-booking"),
        lambda channel: channel.queue_delete(QUEUE),
        lambda channel: channel.exchange_delete("booking.events"),
        lambda channel: channel.queue_declare("rpc-till-s-own", durable=True),
    ],
    ids=range(14),
)
def test_a_tool_neither_publishes_events_nor_answers_nor_hears_others(
    guarded: Guarded, what: Callable[[Any], object]
) -> None:
    assert guarded.refused("tool-till", what)


@pytest.mark.parametrize(
    ("user", "what"),
    [
        ("patient", publish("booking.events", "BookingCreated")),
        ("patient", listen("nameko-rpc", "#", "patient")),
        ("patient", listen("nameko-rpc", "booking.*", "patient")),
        ("patient", listen("availability.events", "#", "patient")),
        ("patient", lambda channel: channel.basic_get("evt-booking-BookingCreated--notification.send_confirmation")),
        ("patient", lambda channel: channel.queue_delete("rpc-booking")),
        ("patient", lambda channel: channel.exchange_delete("availability.events")),
        ("gateway", publish("booking.events", "BookingCreated")),
        ("gateway", publish("", QUEUE)),
        ("gateway", listen("nameko-rpc", "#", "gateway")),
    ],
    ids=range(10),
)
def test_a_process_reaches_nothing_that_is_its_neighbours_alone(
    guarded: Guarded, user: str, what: Callable[[Any], object]
) -> None:
    assert guarded.refused(user, what)


def test_each_may_do_what_is_its_own(guarded: Guarded) -> None:
    """So the refusals above are not those of a user who may do nothing at all."""
    assert not guarded.refused("patient", publish("patient.events", "NobodyListens"))
    assert not guarded.refused("tool-till", publish("nameko-rpc", "booking.nobody_serves_this"))
    assert not guarded.refused("tool-till", listen("nameko-rpc", uuid4().hex))


def test_c5_a_tool_calls_with_its_user_and_its_key(guarded: Guarded) -> None:
    def calling(key: str) -> BlockingClient:
        till = Actor("tool", id="till")
        return BlockingClient(guarded.address_of("tool-till"), lambda: sign(till, "tool-till", key, datetime.now(UTC)))

    with calling(TILL_KEY) as client, pytest.raises(NotFound, match="no such clinic"):
        client.call("booking", "watch_list", "nowhere", timeout=20.0)
    with calling("x" * 64) as liar, pytest.raises(Forbidden):
        liar.call("booking", "watch_list", "nowhere", timeout=20.0)


def test_commands_that_call_work_with_the_gateway_s_user(guarded: Guarded) -> None:
    assert run_command(guarded, guarded.address_of("gateway"), "ping", "booking").stdout == "pong\n"


@pytest.mark.parametrize(
    ("passwords", "sentence"),
    [
        ("availability:" + "p" * 16, "it has none for booking, gateway, notification, patient"),
        (",".join(f"{name}:{'p' * 16}" for name in (*PROCESSES, "tool-bank")), "names tool-bank"),
        (",".join(f"{name}:{'p' * 15}" for name in PROCESSES), "must have 16 characters or more"),
        (",".join(f"{name}:{'p' * 16},q" for name in PROCESSES), "no password there holds a comma"),
    ],
)
def test_wrong_passwords_are_said_in_one_sentence(guarded: Guarded, passwords: str, sentence: str) -> None:
    said = run_command(guarded, guarded.address, "broker-users", BROKER_PASSWORDS=passwords)
    assert said.returncode == 1
    assert sentence in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_without_a_management_the_definitions_are_printed_with_hashed_passwords(guarded: Guarded) -> None:
    passwords = ",".join(f"{name}:{name}-{'p' * 16}" for name in PROCESSES)
    alone = {"BROKER_PASSWORDS": passwords, "BROKER_MANAGEMENT_URL": ""}
    said = run_command(guarded, guarded.address, "broker-users", **alone)
    assert {user["name"] for user in json.loads(said.stdout)["users"]} == {*PROCESSES}
    assert "p" * 16 not in said.stdout


def run_command(guarded: Guarded, address: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a user's address."""
    environment = {**guarded.installation.environment, "AMQP_URI": address, **settings}
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)

"""Every event once more, twice and out of order, on a real RabbitMQ: nothing follows a second time (DESIGN rule 3)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from kombu import Connection, Exchange, Producer, Queue
from kombu.simple import SimpleQueue

from shared.settings import SERVICES
from tests.system.api_client import Client, staff
from tests.system.demo_bookings import a_booking
from tests.system.installation import ADMIN, Installation, wait_until


@contextmanager
def overhearing(uri: str) -> Iterator[SimpleQueue]:
    """Receive a copy of every event of every service."""
    with Connection(uri) as connection:
        queue = Queue("overheard", exclusive=True, auto_delete=True)
        queue(connection.default_channel).declare()
        for service in SERVICES:
            queue(connection.default_channel).bind_to(Exchange(f"{service}.events", type="topic"), routing_key="#")
        yield connection.SimpleQueue(queue)


def everything_known(administrator: Client, reference: str, number: str) -> dict[str, Any]:
    """Return all that a booking has set off, as staff see it."""
    at = "/staff/clinics/frenda"
    watched = administrator.get(f"{at}/watch-list", limit=200)["watch_list"]
    return {
        "booking": administrator.get(f"{at}/bookings/{reference}").body,
        "history": administrator.get(f"{at}/bookings/{reference}/history", limit=200)["history"],
        "messages": administrator.get(f"{at}/messages", booking=reference, limit=200)["messages"],
        "watch_list": [entry for entry in watched if entry["booking"]["reference"] == reference],
        "patients": administrator.get(f"{at}/patients", q=number)["patients"],
    }


def everything_followed(known: dict[str, Any]) -> bool:
    """Tell whether all that follows a booking and its cancellation has happened, up to the last delivery note."""
    sent = [message for message in known["messages"] if message["state"] == "sent"]
    notes = [entry for entry in known["history"] if entry["type"] == "MessageSent"]
    return (
        {"booked", "moved", "cancelled"} <= {message["event"] for message in known["messages"]}
        and not any(message["state"] == "planned" for message in known["messages"])
        and len(notes) == len(sent)
        and known["booking"]["patient"]["id"] is not None
        and len(known["patients"]) == len(known["watch_list"]) == 1
    )


def a_life(public: Client, slot: dict[str, Any]) -> tuple[str, str]:
    """Book, move and cancel; return the reference and the patient's number."""
    body = a_booking("frenda", slot)
    booked = public.post("/clinics/frenda/bookings", body)
    assert booked.status == 201, booked
    manage = f"/manage/{booked['manage_token']}"
    later = datetime.fromisoformat(slot["start"]).date() + timedelta(days=7)
    days = {"from": later.isoformat(), "to": (later + timedelta(days=7)).isoformat()}
    free = public.call("GET", f"{manage}/slots", **days)["slots"][0]
    assert public.post(f"{manage}/rebook", {"start": free["start"]}).status == 200
    assert public.post(f"{manage}/cancel", {"comment": "twice"}).status == 200
    return booked["reference"], body["patient"]["national_id"]


def test_events_that_come_twice_and_out_of_order_change_nothing(
    deployed_installation: Installation,
) -> None:
    rabbitmq_uri = deployed_installation.environment["AMQP_URI"]
    url = deployed_installation.url
    public, administrator = Client(url), staff(url, *ADMIN)
    with overhearing(rabbitmq_uri) as heard:
        slot = public.slots("frenda", "exam", datetime.now(UTC).date() + timedelta(days=60))[0]
        first = a_life(public, slot)
        wait_until(lambda: everything_followed(everything_known(administrator, *first)), "all that follows")
        before = everything_known(administrator, *first)
        copies = [heard.get(timeout=5) for _ in range(heard.qsize())]
        types = Counter(message.delivery_info["routing_key"] for message in copies)
        assert types["MessageSent"] >= len([each for each in before["messages"] if each["state"] == "sent"])
        assert {"BookingCreated", "BookingMoved", "BookingCancelled", "PatientCreated"} <= set(types)

        with Connection(rabbitmq_uri) as connection:
            producer = Producer(connection.default_channel)
            for message in [*reversed(copies), *copies]:
                producer.publish(
                    message.body,
                    exchange=message.delivery_info["exchange"],
                    routing_key=message.delivery_info["routing_key"],
                    content_type=message.content_type,
                    content_encoding=message.content_encoding,
                    headers=message.headers,
                )
        # a later booking's effects come after those of the repeated events in the same queues
        last = a_life(public, slot)
        wait_until(lambda: everything_followed(everything_known(administrator, *last)), "the later booking's effects")
        assert everything_known(administrator, *first) == before

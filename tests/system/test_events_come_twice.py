"""Every event once more, twice and out of order, on a real RabbitMQ: nothing follows a second time (DESIGN rule 3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from kombu import Connection, Exchange, Producer, Queue
from kombu.simple import SimpleQueue

from shared.settings import SERVICES
from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, Installation, wait_until
from tests.system.test_a_booking_in_every_clinic import a_booking


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
    return {
        "booking": administrator.get(f"{at}/bookings/{reference}").body,
        "history": administrator.get(f"{at}/bookings/{reference}/history", limit=200).body,
        "messages": administrator.get(f"{at}/messages", booking=reference, limit=200).body,
        "watch_list": administrator.get(f"{at}/watch-list", limit=200).body,
        "patients": administrator.get(f"{at}/patients", q=number).body,
    }


def test_events_that_come_twice_and_out_of_order_change_nothing(
    deployed_installation: Installation,
) -> None:
    rabbitmq_uri = deployed_installation.environment["AMQP_URI"]
    url = deployed_installation.url
    public, administrator = Client(url), staff(url, *ADMIN)
    with overhearing(rabbitmq_uri) as heard:
        slot = public.slots("frenda", "exam", datetime.now(UTC).date() + timedelta(days=60))[0]
        body = a_booking("frenda", slot)
        number = body["patient"]["national_id"]
        booked = public.post("/clinics/frenda/bookings", body)
        assert booked.status == 201, booked
        reference, token = booked["reference"], booked["manage_token"]
        target = public.slots(
            "frenda", "exam", datetime.now(UTC).date() + timedelta(days=67), practitioner=booked["practitioner"]
        )
        free = public.call(
            "GET", f"/manage/{token}/slots", **{"from": target[0]["start"][:10], "to": target[0]["start"][:10]}
        )
        assert public.post(f"/manage/{token}/rebook", {"start": free["slots"][0]["start"]}).status == 200
        assert public.post(f"/manage/{token}/cancel", {"comment": "twice"}).status == 200

        def settled() -> bool:
            known = everything_known(administrator, reference, number)
            events = [message["event"] for message in known["messages"]["messages"]]
            return (
                "cancelled" in events
                and len(known["patients"]["patients"]) == 1
                and "twice" in str(known["watch_list"])
            )

        wait_until(settled, "all that follows")
        wait_until(lambda: heard.qsize() >= 6, "the copies of the events")
        copies = [heard.get(timeout=5) for _ in range(heard.qsize())]
        before = everything_known(administrator, reference, number)

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
        last = public.post("/clinics/frenda/bookings", a_booking("frenda", slot))
        assert last.status == 201, last
        wait_until(
            lambda: administrator.get("/staff/clinics/frenda/messages", booking=last["reference"])["messages"],
            "the later booking's messages",
        )
        assert everything_known(administrator, reference, number) == before

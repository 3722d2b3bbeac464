"""Names of queues hold messages, so they are frozen; addresses are read alike by all clients."""

from kombu import Connection

from shared.bus.client import connection_parameters
from shared.bus.topology import Subscription, subscriptions_of
from tests.contract.bus.services import service_classes


def test_queue_names_are_those_of_a_nameko_service_pool() -> None:
    subscription = Subscription("booking", "BookingCreated", "availability", "take_time")
    assert subscription.queue_name == "evt-booking-BookingCreated--availability.take_time"
    assert subscription.dead_queue_name == "evt-booking-BookingCreated--availability.take_time.dead"


def test_all_subscriptions_of_the_house_can_be_read_from_its_classes() -> None:
    found = subscriptions_of(service_classes("").values())
    assert [(each.source, each.type, each.service, each.method) for each in found] == [
        ("teller", "Sung", "listener", "take"),
        ("teller", "Told", "listener", "take"),
    ]


def test_pika_goes_where_kombu_goes() -> None:
    for address in (
        "pyamqp://guest:guest@127.0.0.1:5673//",
        "amqp://fd:p%40ss@rabbit.example/front%2Fdesk",
        "amqp://rabbit.example",
    ):
        theirs, ours = Connection(address), connection_parameters(address)
        assert (ours.host, ours.port) == (theirs.hostname, theirs.port or 5672)
        assert ours.virtual_host == (theirs.virtual_host or "/")
        assert (ours.credentials.username, ours.credentials.password) == (
            theirs.userid or "guest",
            theirs.password or "guest",
        )

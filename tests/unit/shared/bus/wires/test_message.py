"""What travels beside a message's body."""

from shared.bus.wires.message import headers_of_sender


def test_headers_of_brokers_and_of_failed_attempts_are_not_the_senders() -> None:
    headers = {"nameko.correlation_id": "c", "x-death": [1], "x-frontdesk-attempts": 3, "x-delivery-count": 2}
    assert headers_of_sender(headers) == {"nameko.correlation_id": "c"}
    assert headers_of_sender(None) == {}

"""Queues inside the process keep what is said of them (ADR 6)."""

from shared.bus.wires.broker import Broker, MemoryQueue


def a_message(number: int) -> dict[str, object]:
    return {"number": number, "expires_at": None, "properties": {}}


def test_a_queue_of_limited_length_drops_its_oldest_messages() -> None:
    """As RabbitMQ does by `x-max-length`: who only looks on holds nobody up and fills no memory (ADR 55)."""
    broker = Broker()
    broker.queues |= {"bounded": MemoryQueue({"x-max-length": 2}), "endless": MemoryQueue({})}
    for name in broker.queues:
        for number in range(4):
            broker.put(name, a_message(number))
    kept = {name: [message["number"] for message in queue.messages] for name, queue in broker.queues.items()}
    assert kept == {"bounded": [2, 3], "endless": [0, 1, 2, 3]}

"""Whoever may publish on the broker can put events into queues; only those of their source are acted on."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pika
import pytest

from shared.bus.dead_letter_queues import DeadLetterQueues
from shared.bus.events.dead_letters import DeadLetter
from shared.bus.events.signatures import SIGNATURE, Signatures
from shared.contracts.envelope import new_event
from shared.settings import new_seal_key
from tests.contract.bus.house import House, eventually
from tests.integration.bus.conftest import NewHouse


@dataclass
class Forged:
    """An event that the teller never published."""

    house: House
    body: bytes = b""
    id: str = ""
    headers: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        event = new_event(
            self.house.teller, "Told", clinic="solna", subject="A", version=1, data={}, now=datetime.now(UTC),
            actor={"kind": "tool", "id": None}, correlation_id="c",
        )  # fmt: skip
        self.id, self.body = event.id, json.dumps(event.to_json()).encode()

    def signed(self, signatures: Signatures, source: str, type: str = "Told") -> "Forged":
        """Return it with a signature."""
        self.headers[SIGNATURE] = signatures.of(source, type, self.body)
        return self

    def put(self, channel: Any, exchange: str, routing_key: str) -> None:
        """Publish it."""
        properties = pika.BasicProperties(message_id=self.id, headers=self.headers, content_type="application/json")
        channel.basic_publish(exchange, routing_key, self.body, properties)

    def set_aside(self) -> DeadLetter:
        """Wait until it is set aside, and return it as it lies there."""
        queue = self.house.subscription().queue_name
        (letter,) = eventually(lambda: DeadLetterQueues(self.house.amqp_uri).waiting([queue], [self.id]))
        return cast("DeadLetter", letter)


def unsigned(forged: Forged) -> None:
    """Leave it as anybody can write it."""


def by_a_stranger(forged: Forged) -> None:
    """Sign it with a key that is not the installation's."""
    forged.signed(Signatures(new_seal_key()), forged.house.teller)


def by_another_service(forged: Forged) -> None:
    """Sign it as a neighbour signs what is its own."""
    forged.signed(forged.house.signatures, forged.house.listener)


def of_another_type(forged: Forged) -> None:
    """Sign it as the teller's, of another type."""
    forged.signed(forged.house.signatures, forged.house.teller, "Sung")


def changed(forged: Forged) -> None:
    """Change what the teller has signed."""
    forged.signed(forged.house.signatures, forged.house.teller)
    forged.body = forged.body.replace(b"solna", b"lunda")


def with_odd_headers(forged: Forged) -> None:
    """Give it headers that no house writes."""
    forged.headers = {SIGNATURE: 5, "x-frontdesk-attempts": "many", "nameko.call_id_stack": 7}


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (unsigned, "no signature of"),
        (by_a_stranger, "a key that is not accepted here"),
        (by_another_service, "the signature is not that of"),
        (of_another_type, "the signature is not that of"),
        (changed, "the signature is not that of"),
        (with_odd_headers, "a key that is not accepted here"),
    ],
)
@pytest.mark.parametrize("directly", [False, True])
def test_a_forged_event_is_set_aside_at_once_with_its_reason_and_never_acted_on(
    house: House, channel: Any, forge: Callable[[Forged], None], reason: str, directly: bool
) -> None:
    forged = Forged(house)
    forge(forged)
    where = ("", house.subscription().queue_name) if directly else (f"{house.teller}.events", "Told")
    forged.put(channel, *where)
    letter = forged.set_aside()
    assert letter.attempts == 1
    assert letter.last_error.startswith("Unproven: ")
    assert reason in letter.last_error
    honest = house.tell()
    eventually(lambda: house.effects(honest) == 1)
    assert (house.attempts(forged.id), house.effects(forged.id)) == ([], 0)


def test_forged_events_are_counted_in_the_log_with_an_alarm(new_house: NewHouse, channel: Any) -> None:
    house = new_house().start()
    queue = house.subscription().queue_name
    for number in (1, 2):
        forged = Forged(house)
        forged.put(channel, "", queue)
        forged.set_aside()
        told = f"ALARM: an event in {queue} is not acted on: no signature of {house.teller} ({number} since the start)"
        eventually(lambda told=told: told in house.log.read_text())


def test_a_forged_event_that_is_handed_back_is_set_aside_again(house: House, channel: Any) -> None:
    forged = Forged(house)
    forged.put(channel, f"{house.teller}.events", "Told")
    forged.set_aside()
    queue, letters = house.subscription().queue_name, DeadLetterQueues(house.amqp_uri)
    assert [letter.id for letter in letters.replay([queue], [forged.id])] == [forged.id]
    assert forged.set_aside().attempts == 1
    assert house.attempts(forged.id) == []


def test_while_an_upgrade_is_on_its_way_what_is_unsigned_is_acted_on_and_what_is_forged_is_not(
    new_house: NewHouse, channel: Any
) -> None:
    house = new_house(accept_unsigned_events=True).start()
    assert "end ACCEPT_UNSIGNED_EVENTS with the upgrade" in house.log.read_text()
    plain, forged = Forged(house), Forged(house)
    by_a_stranger(forged)
    for each in (plain, forged):
        each.put(channel, f"{house.teller}.events", "Told")
    eventually(lambda: house.effects(plain.id) == 1)
    forged.set_aside()
    assert house.attempts(forged.id) == []

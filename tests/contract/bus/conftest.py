"""The houses that the contract runs in: on RabbitMQ, on the bus inside the process, and one that calls past both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus.dead_letter_queues import DeadLetterQueues
from shared.bus.events.dead_letters import DeadLetterFile, DeadLetters
from tests.contract.bus.house import WAITING, House, running


@pytest.fixture(scope="module", params=["embedded", "rabbitmq", "together"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return running services on one of the two buses, which calls take too; or together, where they go directly."""
    embedded = request.param == "embedded"
    address: str = "memory://contract" if embedded else request.getfixturevalue("rabbitmq_uri")
    with running(
        House(address, Path(tmp_path_factory.mktemp("house")), together=request.param == "together")
    ) as started:
        yield started


@pytest.fixture
def dead_letters(house: House) -> DeadLetters:
    """Return the house's dead letters."""
    if house.amqp_uri.startswith("memory:"):
        return DeadLetterFile(house.folder)
    return DeadLetterQueues(house.amqp_uri, WAITING)

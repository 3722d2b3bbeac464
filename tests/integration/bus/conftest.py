"""Houses on a real RabbitMQ, each with its own names, gone at the end of their test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pika
import pytest

from shared.bus.client import connection_parameters
from tests.contract.bus.house import House, running

NewHouse = Callable[..., House]


@pytest.fixture
def new_house(rabbitmq_uri: str, tmp_path: Path) -> Iterator[NewHouse]:
    """Return a function that makes a house, not yet started."""
    with ExitStack() as ends:

        def make(amqp_uri: str = rabbitmq_uri, **order: Any) -> House:
            house = House(amqp_uri, tmp_path, **order)
            ends.callback(lambda: house.process is None or house.end())
            return house

        yield make


@pytest.fixture(scope="module")
def house(rabbitmq_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return running services that no test hurts; their second retry comes late."""
    with running(House(rabbitmq_uri, tmp_path_factory.mktemp("house"), delays=(1.0, 60.0))) as started:
        yield started


@pytest.fixture
def channel(rabbitmq_uri: str) -> Iterator[Any]:
    """Return a plain channel to the broker."""
    connection = pika.BlockingConnection(connection_parameters(rabbitmq_uri))
    yield connection.channel()
    connection.close()

"""A way to the broker that falls silent for ever, as by a lost host or a forgotten NAT entry, is given up."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import make_url

from tests.contract.bus.house import House, eventually
from tests.integration.bus.conftest import NewHouse
from tests.servers.proxy import Proxies


@pytest.fixture
def proxies(rabbitmq_uri: str) -> Iterator[Proxies]:
    """Return a way to the broker that can be hurt."""
    proxies = Proxies(broker=make_url(rabbitmq_uri).port or 5672)
    yield proxies
    proxies.close()


def answers(house: House) -> bool:
    """Tell whether a call comes back."""
    return house.ask(house.teller, "echo", 1, timeout=2.0).get("result") == 1


def test_calls_and_events_go_on_over_new_connections(rabbitmq_uri: str, new_house: NewHouse, proxies: Proxies) -> None:
    port = make_url(rabbitmq_uri).port
    house = new_house(rabbitmq_uri.replace(f":{port}", f":{proxies.ports['broker']}")).start()
    before = house.tell()
    eventually(lambda: house.effects(before))
    proxies.set("broker", "forgotten")
    proxies.set("broker", "open")
    eventually(lambda: answers(house), within=180)
    event = house.tell()
    eventually(lambda: house.effects(event), within=180)

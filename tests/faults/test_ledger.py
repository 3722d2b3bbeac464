"""What was answered stands and all that follows comes, once, whatever breaks meanwhile: the ledger of each fault.

Two processes of everything on durable servers, under load before, during and after each fault. What is asserted is what
holds on any machine; how long it took stands in the table.
"""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.faults.load import Load
from tests.faults.outcome import Outcome
from tests.faults.pairs import Pairs, pairs
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.servers.server import Server

SHORT_BOOKINGS = 40
EFFECTS_SECONDS = 120.0
"""How long what follows may take, on any machine."""

_numbers = count(1)


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, rabbitmq_to_hurt: Server, postgres_to_hurt: Server, redis_to_hurt: Server
) -> Iterator[Pairs]:
    """Return the installation of pairs, for all scenarios."""
    with pairs(tmp_path_factory.mktemp("pairs"), rabbitmq_to_hurt, postgres_to_hurt, redis_to_hurt) as house:
        yield house


@pytest.mark.parametrize("scenario", [each for each in SCENARIOS if each.is_short], ids=str)
def test_nothing_answered_is_lost_undone_or_done_twice(house: Pairs, scenario: Scenario) -> None:
    number = next(_numbers)
    load = Load(house.urls, f"ledger-{number}", seed=number)
    outcome = Outcome.of(house, load, scenario, SHORT_BOOKINGS, EFFECTS_SECONDS)
    assert outcome.meanwhile or not scenario.lets_go_on
    assert (outcome.faults, outcome.dead) == ({}, 0)

"""What was answered stands and all that follows comes, once, whatever breaks meanwhile: the ledger of each fault.

Two processes of everything on durable servers, under load before, during and after each fault. What is asserted is what
holds on any machine; how long it took stands in the table.
"""

import secrets
from collections.abc import Iterator
from itertools import count

import pytest

from shared.settings import new_seal_key
from tests.faults.load import Load
from tests.faults.outcome import Outcome
from tests.faults.pairs import PROCESSES, Pairs, pairs
from tests.faults.replacing import ONE_OF_EACH, a_steady_load, assert_nobody_noticed, replace
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.servers.server import Server

SHORT_BOOKINGS = 40
EFFECTS_SECONDS = 120.0
"""How long what follows may take, on any machine."""

SEALS = ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")

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


def test_a_rolling_restart_fails_no_request(house: Pairs) -> None:
    """One of each two: the other one is as good (ADR 20)."""
    load = a_steady_load(house, "rolling")
    with load.running():
        replace(house, load, ONE_OF_EACH)
    assert_nobody_noticed(house, load)


@pytest.mark.deep
def test_keys_are_rotated_while_people_book_and_no_request_fails(house: Pairs) -> None:
    """As docs/operations.md says (Keys): new ones behind the old everywhere, then in front, then the old ones out."""
    old = {name: house.environment[name] for name in ("ACTOR_KEY", *SEALS)}
    new = {"ACTOR_KEY": secrets.token_hex(32), **{name: new_seal_key() for name in SEALS}}
    load = a_steady_load(house, "keys")
    with load.running():
        replace(house, load, PROCESSES, **{name: f"{old[name]},{new[name]}" for name in old})
        replace(house, load, PROCESSES, **{name: f"{new[name]},{old[name]}" for name in old})
    assert_nobody_noticed(house, load)
    with load.running():
        replace(house, load, PROCESSES, **{name: new[name] for name in ("ACTOR_KEY", "EVENT_SIGNING_KEYS")})
    assert_nobody_noticed(house, load)

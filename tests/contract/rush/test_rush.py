"""How many take time of a clinic at once, on Redis and on its twin inside the process (ADR 25)."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count
from threading import Barrier

import pytest
import redis

from gateway.access import rush as module
from gateway.access.rush import LONGEST_WAIT_SECONDS, MOVING, TURN_SECONDS, Rush, taking
from shared.contracts.errors import Busy
from tests.builders.clock import FakeClock
from tests.builders.gateway.dead_redis import DeadRedis

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT_ONCE = 16
OF_ONE_UNCOUNTED = 2
OF_ADDRESS = 4
RATE_LIMIT = 30
_names = count()
_addresses = count()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def gateways(cache: redis.Redis, clock: FakeClock) -> list[Rush]:
    """Return the doors of two gateways over one Redis."""
    return [Rush(cache, AT_ONCE, RATE_LIMIT, clock), Rush(cache, AT_ONCE, RATE_LIMIT, clock)]


@pytest.fixture
def inside() -> Iterator[ExitStack]:
    """Hold whoever has come in, until the test ends."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def clinic() -> str:
    return f"clinic-{next(_names)}"


def an_address() -> str:
    """Return an address from which nobody has come yet."""
    return str(ip_address(0x0A000000 + next(_addresses)))


def let_in(rush: Rush, whose: str, inside: ExitStack, address: str = "") -> int:
    """Let in as many as can be, each from an address of their own, or from one; return how many those are."""
    for number in range(10 * AT_ONCE):
        try:
            inside.enter_context(rush.entered(whose, address or an_address()))
        except Busy:
            return number
    raise AssertionError("there is no bound")


def test_so_many_are_let_in_at_once_and_the_next_when_somebody_leaves(
    gateways: list[Rush], clinic: str, inside: ExitStack
) -> None:
    rush = gateways[0]
    with rush.entered(clinic, an_address()):
        assert let_in(rush, clinic, inside) == AT_ONCE - 1
    inside.enter_context(rush.entered(clinic, an_address()))
    with pytest.raises(Busy):
        rush.entered(clinic, an_address()).__enter__()


def test_who_keeps_calling_from_one_address_has_a_quarter_of_them(
    gateways: list[Rush], clinic: str, inside: ExitStack
) -> None:
    rush, strangers = gateways[0], "2001:db8::1"
    with ExitStack() as gone:
        assert let_in(rush, clinic, gone, strangers) == OF_ADDRESS
        for _ in range(2 * OF_ADDRESS):
            with pytest.raises(Busy) as refused:
                rush.entered(clinic, "2001:db8::2").__enter__()
        assert refused.value.extra["retry_after"] == 3 * TURN_SECONDS
        assert let_in(rush, taking("another"), inside, strangers) == OF_ADDRESS
        assert let_in(rush, clinic, gone) == AT_ONCE - OF_ADDRESS
        with pytest.raises(Busy) as refused:
            rush.entered(clinic, an_address()).__enter__()
        assert refused.value.extra["retry_after"] == math.ceil(TURN_SECONDS + TURN_SECONDS / AT_ONCE), "not behind them"
    assert let_in(rush, clinic, inside, strangers) == OF_ADDRESS


def test_where_addresses_are_not_limited_one_may_have_all(
    cache: redis.Redis, clinic: str, inside: ExitStack, clock: FakeClock
) -> None:
    """A clinic's own site may call for all of its patients, from its one server."""
    assert let_in(Rush(cache, AT_ONCE, 0, clock), clinic, inside, an_address()) == AT_ONCE


def test_what_is_counted_is_counted_over_all_gateways(gateways: list[Rush], clinic: str, inside: ExitStack) -> None:
    first, second = gateways
    with ExitStack() as of_first:
        assert let_in(first, clinic, of_first) == AT_ONCE
        assert let_in(second, clinic, inside) == OF_ONE_UNCOUNTED, "the eighth that each lets in by itself"
    assert let_in(second, clinic, inside) == AT_ONCE - OF_ONE_UNCOUNTED


def test_clinics_and_those_who_hold_a_time_already_do_not_wait_behind_each_other(
    gateways: list[Rush], clinic: str, inside: ExitStack
) -> None:
    named_oddly = [taking(f"held:{clinic}"), taking(f"free:{clinic}"), taking(MOVING), taking(f":{MOVING}")]
    for whose in (taking(clinic), taking(clinic, "a hold"), taking("another"), MOVING, *named_oddly):
        assert let_in(gateways[0], whose, inside) == AT_ONCE


def test_whatever_comes_of_it_the_place_is_free_again(gateways: list[Rush], clinic: str, inside: ExitStack) -> None:
    for _ in range(2 * AT_ONCE):
        with pytest.raises(ValueError, match="refused"), gateways[0].entered(clinic, "203.0.113.7"):
            raise ValueError("refused")
    assert let_in(gateways[0], clinic, inside) == AT_ONCE


def test_a_gateway_that_dies_keeps_nobody_out_for_longer_than_its_requests_last(
    cache: redis.Redis, gateways: list[Rush], clinic: str, inside: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REQUEST_SECONDS", 0.2)
    dead = ExitStack()  # never closed: nobody leaves
    assert let_in(gateways[0], clinic, dead) == AT_ONCE
    found = 0
    while found < AT_ONCE:  # the clock of Redis goes on meanwhile
        found += let_in(gateways[1], clinic, inside)
    dead.pop_all()
    assert cache.pttl(f"frontdesk:taking:{clinic}") > 0


def test_where_nobody_rushes_redis_is_not_asked(cache: redis.Redis, gateways: list[Rush], clinic: str) -> None:
    for rush in gateways:
        with rush.entered(clinic, an_address()), rush.entered(clinic, an_address()):
            assert cache.keys("frontdesk:taking:*") == []


def test_many_at_the_same_moment_do_not_slip_through_together(gateways: list[Rush], clinic: str) -> None:
    start, over = Barrier(4 * AT_ONCE), Barrier(4 * AT_ONCE)
    addresses = [an_address() for _ in range(4 * AT_ONCE)]

    def come(number: int) -> bool:
        start.wait(60)
        try:
            with gateways[number % 2].entered(clinic, addresses[number]):
                over.wait(60)
                return True
        except Busy:
            over.wait(60)
            return False

    with ThreadPoolExecutor(4 * AT_ONCE) as people:
        let = sum(people.map(come, range(4 * AT_ONCE)))
    assert AT_ONCE <= let <= AT_ONCE + OF_ONE_UNCOUNTED


def test_as_many_as_are_let_in_at_once_are_told_the_same_turn(
    gateways: list[Rush], clinic: str, inside: ExitStack, clock: FakeClock
) -> None:
    rush = gateways[0]
    let_in(rush, clinic, inside)  # and one is refused

    def turns(number: int) -> list[int]:
        found = []
        for _ in range(number):
            with pytest.raises(Busy) as refused:
                rush.entered(clinic, an_address()).__enter__()
            found.append(refused.value.extra["retry_after"])
        return found

    told = turns(4 * AT_ONCE - 1)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (math.ceil(TURN_SECONDS + TURN_SECONDS / AT_ONCE), 5 * TURN_SECONDS)
    assert max(turns(100 * AT_ONCE)) == LONGEST_WAIT_SECONDS
    clock.moment += timedelta(seconds=2 * LONGEST_WAIT_SECONDS)
    assert turns(1) == [TURN_SECONDS], "whoever comes after a rush waits for nobody"


def test_without_redis_each_gateway_lets_in_so_many_by_itself(clinic: str, inside: ExitStack, clock: FakeClock) -> None:
    assert let_in(Rush(DeadRedis(), AT_ONCE, RATE_LIMIT, clock), clinic, inside) == AT_ONCE

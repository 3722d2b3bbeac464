"""How many times may be held at once, on Redis and on its twin inside the process (B12; CONTRACTS 2, Limits)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import redis

from gateway.access.limits import Limits
from gateway.access.standing_holds import StandingHolds
from shared.contracts.errors import RateLimited
from tests.builders.clock import FakeClock
from tests.builders.gateway.dead_redis import DeadRedis

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE = "203.0.113.7"
_names = count()


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock at nine."""
    return FakeClock(NOW)


@pytest.fixture
def holds(cache: redis.Redis, clock: FakeClock) -> StandingHolds:
    """Return counted holds of which none stands yet."""
    return StandingHolds(cache, 1000, clock)


def take(
    holds: StandingHolds,
    address: str = HERE,
    clinic: str = "solna",
    visit: str = "",
    replaces: str = "",
    minutes: int = 10,
) -> str:
    """Hold one more time of a clinic; return the hold."""
    place = holds.ask(clinic, address, visit, replaces)
    hold = f"hold-{next(_names)}"
    holds.keep(place, hold, (NOW + timedelta(minutes=minutes)).isoformat())
    return hold


def test_an_address_holds_eight_times_of_a_clinic_at_once(holds: StandingHolds) -> None:
    for _ in range(8):
        take(holds)

    with pytest.raises(RateLimited) as refused:
        take(holds)
    assert refused.value.extra["retry_after"] == 600, "until the first of them runs out"
    take(holds, clinic="lund")
    take(holds, address="203.0.113.8")


def test_who_waits_until_the_first_hold_runs_out_holds_again(holds: StandingHolds, clock: FakeClock) -> None:
    for minutes in range(3, 11):
        take(holds, minutes=minutes)
    with pytest.raises(RateLimited) as refused:
        take(holds)

    clock.moment += timedelta(seconds=refused.value.extra["retry_after"] - 1)
    with pytest.raises(RateLimited):
        take(holds)
    clock.moment += timedelta(seconds=1)
    take(holds)
    with pytest.raises(RateLimited):
        take(holds)


def test_a_home_of_ipv6_is_one_address(holds: StandingHolds) -> None:
    for number in range(8):
        take(holds, address=f"2001:db8:1:2::{number}")

    with pytest.raises(RateLimited):
        take(holds, address="2001:db8:1:2:ffff::1")
    take(holds, address="2001:db8:1:3::1")


@pytest.mark.parametrize(
    ("of_network", "elsewhere"), [("203.0.113.{}", "203.0.114.1"), ("2001:db8:1:{}::1", "2001:db8:2:1::1")]
)
def test_a_network_holds_twenty_four_times_of_a_clinic_at_once(
    holds: StandingHolds, of_network: str, elsewhere: str
) -> None:
    for number in range(24):
        take(holds, address=of_network.format(number))

    with pytest.raises(RateLimited):
        take(holds, address=of_network.format(99))
    take(holds, address=elsewhere)


def test_an_opening_rush_of_many_addresses_is_not_stopped(holds: StandingHolds) -> None:
    for number in range(500):
        take(holds, address=f"10.{number // 250}.{number % 250}.7")


def test_what_is_given_back_or_booked_leaves_the_count_whoever_does_so(holds: StandingHolds) -> None:
    taken = [take(holds) for _ in range(8)]

    holds.is_over(taken[3])
    holds.is_over(taken[3])
    holds.is_over("never given")
    take(holds)
    with pytest.raises(RateLimited):
        take(holds)


def test_a_hold_that_replaces_another_counts_once(holds: StandingHolds) -> None:
    taken = [take(holds) for _ in range(8)]

    for _ in range(5):
        taken.append(take(holds, replaces=taken[-1]))
    with pytest.raises(RateLimited):
        take(holds)
    with pytest.raises(RateLimited):
        take(holds, replaces="another's, elsewhere")


def test_a_hold_is_replaced_from_another_address_too(holds: StandingHolds) -> None:
    """A telephone leaves the house while its owner books."""
    first = take(holds)
    take(holds, address="198.51.100.4", replaces=first)

    for _ in range(8):
        take(holds)


def test_a_visit_s_last_hold_is_what_its_next_replaces(holds: StandingHolds) -> None:
    first = take(holds, visit="v1")

    assert holds.ask("solna", HERE, "v1").replaces == first
    assert holds.ask("solna", HERE, "v2").replaces == ""
    assert holds.ask("lund", HERE, "v1").replaces == ""
    assert holds.ask("solna", "198.51.100.4", "v1").replaces == "", "whoever was sent the address of its page"


def test_a_place_that_was_not_used_is_free_again(holds: StandingHolds) -> None:
    for _ in range(20):
        holds.give_up(holds.ask("solna", HERE))
    take(holds)


def test_of_many_holds_at_the_same_moment_over_several_gateways_eight_go_through(
    cache: redis.Redis, clock: FakeClock
) -> None:
    gateways = [StandingHolds(cache, 1000, clock) for _ in range(2)]

    def ask(number: int) -> int:
        try:
            gateways[number % 2].ask("solna", HERE)
        except RateLimited:
            return 429
        return 201

    with ThreadPoolExecutor(12) as asking:
        assert sorted(asking.map(ask, range(24))) == [201] * 8 + [429] * 16


def test_holds_and_bookings_count_by_the_minute_together(cache: redis.Redis, clock: FakeClock) -> None:
    limits, holds = Limits(cache, 3), StandingHolds(cache, 3, clock)
    with limits.booking("solna", HERE):
        pass
    take(holds)
    take(holds)

    with pytest.raises(RateLimited) as refused:
        holds.ask("lund", HERE)
    assert 0 < refused.value.extra["retry_after"] <= 60
    with pytest.raises(RateLimited), limits.booking("solna", HERE):
        pass


def test_a_limit_of_nought_limits_no_holds_and_a_visit_still_holds_one(cache: redis.Redis, clock: FakeClock) -> None:
    holds = StandingHolds(cache, 0, clock)
    for _ in range(40):
        take(holds)
        last = take(holds, visit="v1")

    assert holds.ask("solna", HERE, "v1").replaces == last


def test_everything_that_is_noted_of_holds_ends_by_itself(holds: StandingHolds, cache: redis.Redis) -> None:
    take(holds, visit="v1")
    holds.ask("solna", HERE)

    keys = cache.keys()
    assert keys
    assert all(0 < cache.ttl(key) <= 600 for key in keys)


def test_without_redis_times_are_held_all_the_same(clock: FakeClock) -> None:
    holds = StandingHolds(DeadRedis(), 1, clock)
    for _ in range(20):
        hold = take(holds, visit="v1")
    holds.give_up(holds.ask("solna", HERE, replaces="h1"))
    holds.is_over(hold)
    assert holds.ask("solna", HERE, replaces="h1").replaces == "h1"

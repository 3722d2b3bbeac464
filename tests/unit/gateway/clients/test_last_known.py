"""What was shown last, for the hour in which nobody can be asked (C15)."""

from datetime import timedelta
from typing import Any

import fakeredis
import pytest

from gateway.clients.last_known import LastKnown
from shared.sealed import Sealer
from shared.settings import new_seal_key
from tests.builders.clock import FakeClock
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.world import NOW
from tests.builders.lying_open import lying_open

DAY = {"bookings": [{"first_name": "Maja"}]}


@pytest.fixture
def cache() -> Any:
    """Return an empty Redis."""
    return fakeredis.FakeRedis(server=fakeredis.FakeServer(), decode_responses=True)


KEY = new_seal_key()


def known_by(cache: Any, clock: FakeClock | None = None, key: str = KEY) -> LastKnown:
    """Return what a gateway knows."""
    return LastKnown(cache, Sealer(key), clock or FakeClock(NOW))


def test_what_was_kept_is_found_with_its_moment_and_lies_sealed(cache: Any) -> None:
    last = known_by(cache)
    last.keep("solna:2026-12-01", DAY)
    assert last.find("solna:2026-12-01") == (DAY, NOW)
    assert last.find("lund:2026-12-01") is None
    assert "Maja" not in lying_open([cache.get(key) for key in cache.scan_iter()], Sealer(KEY))


def test_it_is_kept_anew_once_a_minute_at_most(cache: Any) -> None:
    clock = FakeClock(NOW)
    last = known_by(cache, clock)
    last.keep("day", 1)
    clock.moment += timedelta(seconds=30)
    last.keep("day", 2)
    assert last.find("day") == (1, NOW)
    assert 0 < cache.ttl("frontdesk:last-known:day:fresh") <= 60
    cache.delete("frontdesk:last-known:day:fresh")
    last.keep("day", 3)
    assert last.find("day") == (3, NOW + timedelta(seconds=30))


def test_what_another_key_sealed_is_not_known_and_without_redis_nothing_is(cache: Any) -> None:
    known_by(cache).keep("day", 1)
    assert known_by(cache, key=new_seal_key()).find("day") is None
    known_by(DeadRedis()).keep("day", 1)
    assert known_by(DeadRedis()).find("day") is None

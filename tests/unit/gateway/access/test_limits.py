"""How often a thing may be tried, and what happens without Redis."""

import fakeredis
import pytest

from gateway.access.limits import Limits
from shared.contracts.errors import NewPatientsRefused, NoOpenNeed, RateLimited, SlotTaken
from tests.builders.gateway.dead_redis import DeadRedis


def test_other_refusals_tell_nothing_and_are_not_counted() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)
    for _ in range(30):
        with pytest.raises(SlotTaken), limits.telling_who_is_known("solna", "203.0.113.7"):
            raise SlotTaken.because("Gone.")


def test_refusals_that_tell_who_is_called_for_are_counted_with_those_that_tell_who_is_known() -> None:
    """PRODUCT B9: with a login, numbers could be tried out until one has the need."""
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)
    for refusal in [NoOpenNeed, NewPatientsRefused] * 10:
        with pytest.raises(refusal), limits.telling_who_is_known("solna", "203.0.113.7"):
            raise refusal.because("Call the clinic.")
    with pytest.raises(RateLimited), limits.telling_who_is_known("solna", "203.0.113.7"):
        pass


def test_an_address_that_one_clinic_tells_nothing_any_more_books_at_all_others() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)
    for _ in range(20):
        with pytest.raises(NewPatientsRefused), limits.telling_who_is_known("solna", "203.0.113.7"):
            raise NewPatientsRefused.because("Call the clinic.")

    with pytest.raises(RateLimited), limits.telling_who_is_known("solna", "203.0.113.7"):
        pass
    with limits.telling_who_is_known("lund", "203.0.113.7"):
        pass


def test_a_limit_of_nought_limits_nothing() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)

    for _ in range(100):
        limits.count_booking("203.0.113.7")


def test_a_window_ends_by_itself() -> None:
    cache = fakeredis.FakeRedis(decode_responses=True)
    limits = Limits(cache, 1)
    limits.count_booking("203.0.113.7")
    with pytest.raises(RateLimited):
        limits.count_booking("203.0.113.7")

    for key in cache.scan_iter():
        assert 0 < cache.ttl(key) <= 60
        cache.delete(key)
    limits.count_booking("203.0.113.7")


def test_without_redis_bookings_go_on() -> None:
    limits = Limits(DeadRedis(), 1)

    limits.count_booking("203.0.113.7")
    limits.count_booking("203.0.113.7")
    with pytest.raises(NewPatientsRefused), limits.telling_who_is_known("solna", "203.0.113.7"):
        raise NewPatientsRefused.because("Call the clinic.")

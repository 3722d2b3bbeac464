"""How often a thing may be tried, and what happens without Redis."""

from contextlib import suppress

import fakeredis
import pytest

from gateway.access.limits import Limits
from shared.contracts.errors import NewPatientsRefused, NoOpenNeed, RateLimited, SlotTaken, Timeout
from tests.builders.gateway.dead_redis import DeadRedis


def book(limits: Limits, address: str = "203.0.113.7", clinic: str = "solna") -> None:
    """Book a time."""
    with limits.booking(clinic, address):
        pass


def test_other_refusals_tell_nothing_and_are_not_counted() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)
    for _ in range(30):
        with pytest.raises(SlotTaken), limits.booking("solna", "203.0.113.7"):
            raise SlotTaken.because("Gone.")


def test_refusals_that_tell_who_is_called_for_are_counted_with_those_that_tell_who_is_known() -> None:
    """PRODUCT B9: with a login, numbers could be tried out until one has the need."""
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)
    for refusal in [NoOpenNeed, NewPatientsRefused] * 10:
        with pytest.raises(refusal), limits.booking("solna", "203.0.113.7"):
            raise refusal.because("Please call the clinic.")
    with pytest.raises(RateLimited), limits.booking("solna", "203.0.113.7"):
        pass


def test_an_address_that_one_clinic_tells_nothing_any_more_books_at_all_others() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)
    for _ in range(20):
        with pytest.raises(NewPatientsRefused), limits.booking("solna", "203.0.113.7"):
            raise NewPatientsRefused.because("Please call the clinic.")

    with pytest.raises(RateLimited), limits.booking("solna", "203.0.113.7"):
        pass
    with limits.booking("lund", "203.0.113.7"):
        pass


def test_a_limit_of_nought_limits_nothing() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0)

    for _ in range(100):
        book(limits)


def test_a_window_ends_by_itself() -> None:
    cache = fakeredis.FakeRedis(decode_responses=True)
    limits = Limits(cache, 1)
    book(limits)
    with pytest.raises(RateLimited):
        book(limits)

    for key in cache.scan_iter():
        assert 0 < cache.ttl(key) <= (60 if "booking:" in key else 86_400)
        cache.delete(key)
    book(limits)


def test_all_that_a_booking_counts_costs_one_look_at_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = fakeredis.FakeRedis(decode_responses=True)
    asked: list[object] = []
    ask = cache.execute_command
    monkeypatch.setattr(cache, "execute_command", lambda *args, **options: asked.append(args) or ask(*args, **options))
    for limit in (0, 30):
        book(Limits(cache, limit))
    assert len(asked) == 2


def test_who_is_told_nothing_any_more_spends_none_of_the_networks_bookings() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 1000)
    for _ in range(20):
        with pytest.raises(NewPatientsRefused), limits.booking("solna", "198.51.100.7"):
            raise NewPatientsRefused.because("Please call the clinic.")
    for _ in range(100):
        with pytest.raises(RateLimited):
            book(limits, "198.51.100.7")
    for number in range(60):
        book(limits, f"198.51.100.{100 + number}")


def test_without_redis_bookings_go_on() -> None:
    limits = Limits(DeadRedis(), 1)

    book(limits)
    book(limits)
    with pytest.raises(NewPatientsRefused), limits.booking("solna", "203.0.113.7"):
        raise NewPatientsRefused.because("Please call the clinic.")


@pytest.mark.parametrize(
    ("of_network", "elsewhere"), [("2001:db8:1:{:x}::1", "2001:db8:2:1::1"), ("198.51.100.{}", "198.51.101.1")]
)
def test_a_network_books_sixty_times_of_a_clinic_in_a_quarter_of_an_hour(of_network: str, elsewhere: str) -> None:
    """Else one /48 books a whole calendar, with an SMS for each to a number that it chooses."""
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 30)
    for number in range(60):
        book(limits, of_network.format(number))

    with pytest.raises(RateLimited) as refused:
        book(limits, of_network.format(200))
    assert 0 < refused.value.extra["retry_after"] <= 900
    book(limits, elsewhere)
    book(limits, of_network.format(200), clinic="lund")


def test_a_network_books_three_hundred_times_of_a_clinic_in_a_day() -> None:
    cache = fakeredis.FakeRedis(decode_responses=True)
    limits, booked = Limits(cache, 30), 0
    for _ in range(7):
        for number in range(60):
            with suppress(RateLimited):
                book(limits, f"2001:db8:1:{number:x}::1")
                booked += 1
        for key in cache.scan_iter():
            if cache.ttl(key) <= 900:
                cache.delete(key)

    assert booked == 300


def test_what_was_not_booked_takes_nothing_from_its_network() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 30)
    for number in range(200):
        with pytest.raises(SlotTaken), limits.booking("solna", f"198.51.100.{number}"):
            raise SlotTaken.because("Gone.")
    for number in range(60):
        with pytest.raises(Timeout), limits.booking("solna", f"198.51.100.{number}"):
            raise Timeout.because("It may have been booked.")

    with pytest.raises(RateLimited):
        book(limits, "198.51.100.200")

"""Limits of codes on real sockets and a real Redis: many at once, several gateways, proxies, no Redis (M2, B14)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import orjson
import pytest

from tests.integration.gateway.conftest import Installation, Start
from tests.servers.ports import free_port

RIGHT_CODE = "7K3M-9QX2"
SERVICES = ("availability", "booking", "notification")
_numbers = count(198504120000)


@pytest.fixture(scope="module")
def gateways(start_installation: Start, redis_url: str) -> tuple[Installation, Installation]:
    """Return two gateways over one Redis: the first trusts the proxy that tests play, the second no proxy."""
    shared = {"REDIS_URL": redis_url, "LOOKUP_KEY": "k" * 64}
    return (
        start_installation(*SERVICES, **shared, TRUSTED_PROXIES="127.0.0.1"),
        start_installation(*SERVICES, **shared),
    )


@pytest.fixture(scope="module")
def gateway(gateways: tuple[Installation, Installation]) -> Installation:
    """Return the gateway behind a proxy."""
    return gateways[0]


def post(gateway: Installation, path: str, address: str, **body: str) -> tuple[int, str | None, dict[str, str]]:
    """Return status, code and headers of what somebody at `address` posts."""
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
    status, answered, content = gateway.request("POST", path, orjson.dumps(body), headers)
    return status, orjson.loads(content).get("code") if content else None, answered


def open_recall(gateway: Installation, number: str, address: str, code: str = "0000-0000") -> int:
    """Return the status of one try at a recall's code."""
    return post(gateway, "/v1/recalls/open", address, national_id=number, code=code)[0]


def a_number() -> str:
    """Return a number that no other test uses."""
    return str(next(_numbers))


def test_of_many_wrong_codes_at_the_same_moment_five_are_looked_at(gateways: tuple[Installation, ...]) -> None:
    """Each from an address of its own in one network, and counted for all gateway processes together."""
    number = a_number()

    def guess(index: int) -> int:
        return open_recall(gateways[0], number, f"127.0.0.{index + 2}")

    with ThreadPoolExecutor(16) as guessing:
        answers = list(guessing.map(guess, range(40)))

    assert sorted(answers) == [401] * 5 + [429] * 35
    assert open_recall(gateways[1], number, "unused", RIGHT_CODE) == 429, "the other gateway counts on"


def test_an_address_is_what_a_trusted_proxy_says_and_a_household_of_ipv6_is_one(gateway: Installation) -> None:
    guesses = [open_recall(gateway, a_number(), f"2001:db8:77:1::{index:x}") for index in range(21)]

    assert guesses == [401] * 20 + [429]
    assert open_recall(gateway, a_number(), "2001:db8:77:2::1") == 401
    forged = open_recall(gateway, a_number(), "198.51.100.200, 2001:db8:77:1::ffff")
    assert forged == 429, "what stands further left was written by the client itself"


def test_an_address_that_nobody_trusted_names_is_not_believed(gateways: tuple[Installation, ...]) -> None:
    untrusting = gateways[1]
    guesses = [open_recall(untrusting, a_number(), f"198.51.100.{index}") for index in range(22)]

    assert guesses[-2:] == [429, 429]
    assert set(guesses[:19]) == {401}


def test_of_many_codes_asked_for_at_the_same_moment_three_are_sent(gateway: Installation) -> None:
    def ask(index: int) -> int:
        return post(gateway, "/v1/clinics/solna/login-codes", f"192.0.2.{index}", mobile="070-174 06 05")[0]

    with ThreadPoolExecutor(10) as asking:
        assert sorted(asking.map(ask, range(10))) == [202] * 3 + [429] * 7


def test_of_many_holds_at_the_same_moment_over_two_gateways_a_home_gets_eight(
    gateways: tuple[Installation, ...],
) -> None:
    """PRODUCT B12: whatever address of its /64 each comes from; behind the one gateway by a proxy, at the other too."""
    behind, seen = gateways

    def hold(gateway: Installation, address: str) -> int:
        return post(gateway, "/v1/clinics/solna/holds", address, type="exam", start="2026-12-01T14:00:00+01:00")[0]

    with ThreadPoolExecutor(12) as holding:
        answers = list(holding.map(lambda index: hold(behind, f"2001:db8:99:1::{index:x}"), range(20)))
    assert sorted(answers) == [201] * 8 + [429] * 12

    assert [hold(seen, "unused") for _ in range(8)] == [201] * 8
    assert [hold(each, "127.0.0.1") for each in gateways] == [429, 429], "both count the same"


def test_who_is_limited_is_told_for_how_long(gateway: Installation) -> None:
    number = a_number()
    for _ in range(5):
        open_recall(gateway, number, "192.0.2.77")

    status, code, headers = post(gateway, "/v1/recalls/open", "192.0.2.78", national_id=number, code=RIGHT_CODE)

    assert (status, code) == (429, "rate_limited")
    assert 0 < int(headers["retry-after"]) <= 900


@pytest.mark.parametrize(
    "call",
    [
        lambda gateway: post(gateway, "/v1/recalls/open", "192.0.2.1", national_id="1", code=RIGHT_CODE),
        lambda gateway: post(gateway, "/v1/clinics/solna/login-codes", "192.0.2.1", mobile="0701740605"),
        lambda gateway: post(gateway, "/v1/clinics/solna/logins", "192.0.2.1", mobile="0701740605", code="123456"),
    ],
)
def test_without_redis_guessing_never_becomes_free(
    without_redis: Installation, call: Callable[[Installation], tuple[int, str | None, dict[str, str]]]
) -> None:
    for _ in range(3):
        status, code, _ = call(without_redis)
        assert (status, code) == (503, "unavailable")
    assert without_redis.lives()


@pytest.fixture(scope="module")
def without_redis(start_installation: Start) -> Installation:
    """Return a gateway whose Redis does not answer."""
    return start_installation(*SERVICES, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")

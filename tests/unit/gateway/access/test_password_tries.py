"""How often staff's passwords may be tried, from one address, a network, and everywhere (C4)."""

from typing import Any

import fakeredis
import pytest
from werkzeug.test import TestResponse

from gateway.access.password_tries import PasswordTries
from shared.contracts.errors import RateLimited
from tests.builders.gateway.world import ADMIN, PASSWORD, World

LOGINS = "/v1/staff/logins"
HOME = "203.0.113.7"


def log_in(world: World, address: str = HOME, password: str = PASSWORD, email: str = ADMIN) -> TestResponse:
    """Try to log in as staff."""
    return world.post(LOGINS, json={"email": email, "password": password}, environ={"REMOTE_ADDR": address})


def looked_at(world: World, addresses: str, tries: int, email: str = ADMIN) -> int:
    """Return how many wrong passwords would be looked at, each from the next of the `addresses`: what is counted."""
    return sum(counted(world, email.format(each), addresses.format(each)) for each in range(tries))


def counted(world: World, email: str, address: str) -> bool:
    """Tell whether a try at a password was let through; it stays counted, as a wrong one does."""
    try:
        world.door.passwords.count(email, address)
    except RateLimited:
        return False
    return True


def test_a_wrong_password_is_looked_at_as_often_as_it_is_counted(world: World) -> None:
    """What the other tests count, past the pages, is what a login is let through or refused by."""
    statuses = [log_in(world, HOME, "wrong").status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert not counted(world, ADMIN, HOME)


@pytest.mark.parametrize(
    ("addresses", "most"), [("2001:db8:1:{:x}::1", 20), ("2001:db8:1:{:x}00::1", 40), ("198.51.100.{}", 40)]
)
def test_a_site_or_a_network_has_its_own_tries_at_an_account_however_many_addresses_it_has(
    world: World, addresses: str, most: int
) -> None:
    """C4: a /48 of IPv6 had 65,536 times ten."""
    assert looked_at(world, addresses, most + 10) == most
    assert log_in(world, addresses.format(200)).status_code == 429
    assert log_in(world).status_code == 201


@pytest.mark.parametrize(
    ("addresses", "most"), [("2001:db8:1:{:x}::1", 60), ("2001:db8:1:{:x}00::1", 120), ("198.51.100.{}", 120)]
)
def test_one_password_is_not_tried_on_every_account_from_one_network(world: World, addresses: str, most: int) -> None:
    """C4."""
    assert looked_at(world, addresses, most + 10, "person{}@solna.example") == most
    assert log_in(world).status_code == 201


def test_a_network_has_a_hundred_tries_at_an_account_in_a_day(world: World) -> None:
    tried = 0
    for _ in range(4):
        tried += looked_at(world, "198.51.100.{}", 45)
        end_quarters(world)

    assert tried == 100


def test_an_account_that_is_guessed_from_everywhere_opens_where_it_has_logged_in_lately(world: World) -> None:
    """Two hundred tries a day, whoever has thousands of networks; the owner's own address is not theirs to spend."""
    log_in(world)

    assert looked_at(world, "10.{}.0.1", 210) == 200
    assert looked_at(world, "203.0.113.{}", 1) == 0, "somebody else of the owner's network"
    assert log_in(world).status_code == 201
    assert log_in(world, email="else@solna.example", password="wrong").status_code == 401


def test_neighbours_of_an_address_that_has_logged_in_lately_do_not_shut_it_out(world: World) -> None:
    log_in(world)
    looked_at(world, "203.0.113.{}", 7)
    looked_at(world, "203.0.113.1{:02d}", 60)
    looked_at(world, "203.0.113.2{:02d}", 50, "person{}@solna.example")

    assert log_in(world).status_code == 201
    assert log_in(world, "203.0.113.250").status_code == 429


def test_an_address_that_has_logged_in_lately_still_has_its_own_ten_tries(world: World) -> None:
    log_in(world)

    assert looked_at(world, HOME, 12) == 10
    assert log_in(world).status_code == 429


def test_only_a_login_that_succeeds_makes_an_address_known_and_for_thirty_days(world: World) -> None:
    log_in(world, password="wrong")
    assert list(world.cache.scan_iter("*:known:*")) == []

    log_in(world)
    [known] = world.cache.scan_iter("*:known:*")
    assert 29 * 86_400 < world.cache.ttl(known) <= 30 * 86_400


def test_who_knows_one_password_wins_no_tries_at_others(world: World) -> None:
    """A login that succeeds takes its own try back from what is shared, and nobody else's."""
    for _ in range(3):
        assert log_in(world, "198.51.100.250").status_code == 201

    assert looked_at(world, "198.51.100.{}", 100, "person{}@solna.example") == 100
    for _ in range(30):
        assert log_in(world, "198.51.100.250").status_code == 201
    assert looked_at(world, "198.51.100.1{:02d}", 30, "person{}@solna.example") == 20


def test_an_account_has_no_further_tries_by_other_spellings_of_its_address(world: World) -> None:
    """C4: what staff takes for the same address is counted as the same, also where only folding shows that it is."""
    spellings = ["eva@solna.example", "EVA@Solna.example", "eva@\u017folna.example", " eva@solna.example "]
    counted_here = [counted(world, spellings[each % 4], HOME) for each in range(12)]
    assert counted_here == [True] * 10 + [False] * 2


def test_keys_hold_no_email_address_and_end_by_themselves(world: World) -> None:
    log_in(world, password="wrong")
    log_in(world)

    keys = list(world.cache.scan_iter("frontdesk:limit:*"))
    assert keys
    assert not any("admin" in key or "example" in key for key in keys)
    assert all(world.cache.ttl(key) > 0 for key in keys)


class CountingRedis(fakeredis.FakeRedis):
    """A Redis that counts how often it is asked."""

    asked = 0

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Count, then answer."""
        self.asked += 1
        return super().execute_command(*args, **options)


def test_a_login_is_counted_in_one_step_and_forgiven_in_one_however_many_limits_there_are() -> None:
    cache = CountingRedis(decode_responses=True)
    passwords = PasswordTries(cache)

    passwords.count("eva@solna.example", "2001:db8:1:2::3")
    assert cache.asked == 1
    passwords.forgive("eva@solna.example", "2001:db8:1:2::3")
    assert cache.asked == 2


def end_quarters(world: World) -> None:
    """Let the windows of a quarter of an hour run out, and those of a day go on."""
    for key in world.cache.scan_iter("frontdesk:limit:*"):
        if world.cache.ttl(key) <= 900:
            world.cache.delete(key)

"""Which address a request came from, and what counts as one."""

import pytest

from gateway.http.proxies import TrustedProxies, household
from shared.settings import SettingsError


def test_a_household_of_ipv6_counts_as_one_address() -> None:
    assert household("2001:db8:1:2::1") == household("2001:db8:1:2:ffff::9")
    assert household("2001:db8:1:2::1") != household("2001:db8:1:3::1")
    assert household("203.0.113.7") == "203.0.113.7"
    assert household("unknown") == "unknown"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded_for", "client"),
    [
        ([], "203.0.113.7", "", "203.0.113.7"),
        ([], "203.0.113.7", "10.9.9.9", "203.0.113.7"),
        (["203.0.113.7"], "203.0.113.7", "198.51.100.4", "198.51.100.4"),
        (["10.0.0.0/8"], "10.1.1.1", "1.1.1.1, 198.51.100.4, 10.2.2.2", "198.51.100.4"),
        (["10.0.0.0/8"], "10.1.1.1", "10.3.3.3", "10.3.3.3"),
        (["10.0.0.0/8"], "10.1.1.1", "", "10.1.1.1"),
        (["10.0.0.0/8"], "10.1.1.1", "nonsense", "10.1.1.1"),
        (["10.0.0.0/8"], "10.1.1.1", "198.51.100.4:4711", "198.51.100.4"),
        (["::1"], "::1", "[2001:db8::7]:4711", "2001:db8::7"),
        (["10.0.0.0/8"], "::ffff:10.1.1.1", "198.51.100.4", "198.51.100.4"),
        ([], None, "", "unknown"),
    ],
)
def test_the_client_is_the_rightmost_address_that_is_no_trusted_proxy(
    trusted: list[str], peer: str | None, forwarded_for: str, client: str
) -> None:
    assert TrustedProxies(trusted).client(peer, forwarded_for) == client


def test_a_trusted_proxy_that_is_no_address_is_a_clear_sentence() -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        TrustedProxies(["everybody"])

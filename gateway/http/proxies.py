"""Which address a request came from, behind the proxies that are trusted (`TRUSTED_PROXIES`)."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from werkzeug.wrappers import Request as WerkzeugRequest

from shared.settings import SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_UNKNOWN = "unknown"
_HOME_PREFIX = 64  # a subscriber of IPv6 owns this many bits' worth of addresses
_SITE_PREFIX = 56  # what many of them are given, with 256 times as many
_NETWORK_PREFIXES = {4: 24, 6: 48}


class TrustedProxies:
    """Networks whose `X-Forwarded-For` is believed; nobody else's is."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Take addresses and networks such as `10.0.0.0/8`; raise SettingsError for anything else."""
        try:
            self._networks = [ipaddress.ip_network(text, strict=False) for text in networks]
        except ValueError as wrong:
            raise SettingsError(
                f"TRUSTED_PROXIES must be addresses or networks such as 10.0.0.0/8: {wrong}."
            ) from wrong

    def client(self, peer: str | None, forwarded_for: str) -> str:
        """Return the rightmost address that is not a trusted proxy, starting from the connection's `peer`.

        What stands further left was written by the client itself and proves nothing.
        """
        address = _parse(peer or "")
        for hop in reversed(forwarded_for.split(",")):
            if address is None or not self._trusts(address):
                break
            before = _parse(hop.strip())
            if before is None:
                break
            address = before
        return str(address) if address else _UNKNOWN

    def trusts(self, peer: str) -> bool:
        """Tell whether a connection's `peer` is one of the proxies."""
        address = _parse(peer)
        return address is not None and self._trusts(address)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def household(address: str) -> str:
    """Return what to count attempts by: the address, or of IPv6 its /64, which one subscriber has whole."""
    return _around(address, _HOME_PREFIX)


def site(address: str) -> str:
    """Return the address, or of IPv6 the /56 around it: the most that a home is given."""
    return _around(address, _SITE_PREFIX)


@lru_cache(1024)
def network(address: str) -> str:
    """Return the network around an address, its /24 or of IPv6 its /48: the most that one subscriber may have."""
    parsed = _parse(address)
    if parsed is None:
        return address
    return str(ipaddress.ip_network((parsed, _NETWORK_PREFIXES[parsed.version]), strict=False))


def is_at_this_machine(request: WerkzeugRequest) -> bool:
    """Tell whether a request comes from this machine itself, and not through a proxy on it that tells of others."""
    proxied = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return is_loopback(request.remote_addr or "") and not proxied


def is_loopback(host: str) -> bool:
    """Tell whether an address, or `localhost`, is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(1024)
def _around(address: str, bits: int) -> str:
    """Return the address, or of IPv6 the network of so many bits around it."""
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, bits), strict=False))
    return address


@lru_cache(1024)
def _parse(text: str) -> Address | None:
    """Return the address in `text`, with or without a port or brackets; IPv4 inside IPv6 as IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address

"""The open connections, and whose they are: neither one address nor one network may shut out all others."""

import socket
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Literal, NamedTuple, Protocol

from gateway.http.proxies import household, network, site

Outcome = Literal["closed_idle", "refused"]


class ShutsDown(Protocol):
    """A socket, as far as it is needed here."""

    def shutdown(self, how: int) -> None:
        """End both directions, so that whoever waits for bytes wakes up."""
        ...


class Shares(NamedTuple):
    """How many connections one address may have (of IPv6 a /64), a /56 of IPv6, and a network (a /24, a /48)."""

    address: int
    site: int
    network: int


@dataclass(eq=False)
class Held:
    """One open connection, of the `places` that have shares; `idle_since` grows with each that falls idle.

    It is None while a request that was read to its end is being answered. `asks` from a request's first line on until
    its answer; `quiet_since` is when the last answer was given, by the monotonic clock.
    """

    connection: ShutsDown
    places: Collection[str]
    idle_since: int | None
    asks: bool = False
    quiet_since: float = field(default_factory=time.monotonic)


class Connections:
    """At most `limit` connections, and of one place at most its share.

    Where there is no room, the one that has been idle for longest makes it: of the same place where that has its
    share, of all where all are taken. Where none is idle the new one is refused. `told` hears of either.
    """

    def __init__(
        self, limit: int, shares: Shares, is_exempt: Callable[[str], bool], told: Callable[[Outcome], None]
    ) -> None:
        """`is_exempt` tells of peers without a share: proxies, behind which there are many."""
        self._limit = limit
        self._shares = shares
        self._is_exempt = is_exempt
        self._told = told
        self._held: set[Held] = set()
        self._of_place: Counter[str] = Counter()
        self._moments = count()

    def admit(self, connection: ShutsDown, peer: str) -> Held | None:
        """Return the place of a new connection, None where there is no room."""
        shares = self._shares_of(peer)
        full = next((place for place, share in shares.items() if self._of_place[place] >= share), None)
        if full is not None:  # the narrowest: who makes room there makes it in what lies around as well
            has_room = self._make_room(each for each in self._held if full in each.places)
        else:
            has_room = len(self._held) < self._limit or self._make_room(self._held)
        if not has_room:
            self._told("refused")
            return None
        held = Held(connection, shares.keys(), next(self._moments))
        self._held.add(held)
        self._of_place.update(held.places)
        return held

    def leave(self, held: Held) -> None:
        """Give the place back; once is enough, twice does no harm."""
        if held in self._held:
            self._held.remove(held)
            self._of_place.subtract(held.places)
            for place in held.places:
                if not self._of_place[place]:
                    del self._of_place[place]

    def _shares_of(self, peer: str) -> dict[str, int]:
        """Return the places that a peer belongs to with their shares, the narrowest first."""
        if self._is_exempt(peer):
            return {}
        home = household(peer)
        shares = {home: self._shares.address}
        shares.setdefault(site(peer), self._shares.site)
        shares.setdefault(network(peer), self._shares.network)
        return shares

    def note_idle(self, held: Held) -> None:
        """Note that a connection waits for its next request."""
        held.idle_since = next(self._moments)
        held.asks, held.quiet_since = False, time.monotonic()

    def note_asking(self, held: Held) -> None:
        """Note that a request's first line has come; until the rest has, the connection is an idle one."""
        held.asks = True

    def note_busy(self, held: Held) -> None:
        """Note that a request was read to its end and is being answered, which nobody interrupts."""
        held.idle_since = None

    def end_quiet_ones(self, seconds: float, has_unread: Callable[[ShutsDown], bool]) -> bool:
        """End the connections on which nothing was asked for so many seconds; tell whether any others are left.

        What `has_unread` bytes is about to ask.
        """
        last = time.monotonic() - seconds
        for held in [each for each in self._held if not each.asks and each.quiet_since <= last]:
            if not has_unread(held.connection):
                self._end(held)
        return bool(self._held)

    def _make_room(self, among: Iterable[Held]) -> bool:
        idle = [(each.idle_since, each) for each in among if each.idle_since is not None]
        if not idle:
            return False
        _, oldest = min(idle, key=lambda pair: pair[0])
        self._told("closed_idle")
        self._end(oldest)
        return True

    def _end(self, held: Held) -> None:
        self.leave(held)
        with suppress(OSError):  # it may just have ended by itself, which is as good
            held.connection.shutdown(socket.SHUT_RDWR)

"""The open connections, and whose they are: one address must not shut out all others."""

import socket
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Literal, Protocol

from gateway.http.proxies import household

Outcome = Literal["closed_idle", "refused"]


class ShutsDown(Protocol):
    """A socket, as far as it is needed here."""

    def shutdown(self, how: int) -> None:
        """End both directions, so that whoever waits for bytes wakes up."""
        ...


@dataclass(eq=False)
class Held:
    """One open connection; `idle_since` grows with each that falls idle, None while a request is under way."""

    connection: ShutsDown
    home: str
    idle_since: int | None


class Connections:
    """At most `limit` connections, of one address (of IPv6 a /64) at most `share`.

    Where there is no room, the one that has been idle for longest makes it: of the same address where that has its
    share, of all where all are taken. Where none is idle the new one is refused. `told` hears of either.
    """

    def __init__(
        self, limit: int, share: int, is_exempt: Callable[[str], bool], told: Callable[[Outcome], None]
    ) -> None:
        """`is_exempt` tells of peers without a share: proxies, behind which there are many."""
        self._limit = limit
        self._share = share
        self._is_exempt = is_exempt
        self._told = told
        self._held: set[Held] = set()
        self._of_home: Counter[str] = Counter()
        self._moments = count()

    def admit(self, connection: ShutsDown, peer: str) -> Held | None:
        """Return the place of a new connection, None where there is no room."""
        home = household(peer)
        if not self._is_exempt(peer) and self._of_home[home] >= self._share:
            has_room = self._make_room(each for each in self._held if each.home == home)
        elif len(self._held) >= self._limit:
            has_room = self._make_room(self._held)
        else:
            has_room = True
        if not has_room:
            self._told("refused")
            return None
        held = Held(connection, home, next(self._moments))
        self._held.add(held)
        self._of_home[home] += 1
        return held

    def leave(self, held: Held) -> None:
        """Give the place back; once is enough, twice does no harm."""
        if held in self._held:
            self._held.remove(held)
            self._of_home[held.home] -= 1
            if not self._of_home[held.home]:
                del self._of_home[held.home]

    def note_idle(self, held: Held) -> None:
        """Note that a connection waits for its next request."""
        held.idle_since = next(self._moments)

    def note_busy(self, held: Held) -> None:
        """Note that a request is under way, which nobody interrupts."""
        held.idle_since = None

    def _make_room(self, among: Iterable[Held]) -> bool:
        idle = [(each.idle_since, each) for each in among if each.idle_since is not None]
        if not idle:
            return False
        _, oldest = min(idle, key=lambda pair: pair[0])
        self.leave(oldest)
        self._told("closed_idle")
        with suppress(OSError):  # it may just have ended by itself, which is as good
            oldest.connection.shutdown(socket.SHUT_RDWR)
        return True

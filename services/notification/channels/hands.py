"""Who sends: a few green threads for each channel, so that a slow provider holds up neither the other nor calls.

They are no workers of Nameko's, which answer calls and take in events meanwhile.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from eventlet import GreenPool, Timeout, sleep
from nameko.extensions import DependencyProvider, SharedExtension

from services.notification.channels import Channel, Channels, Outgoing, Unclear, ways_out
from services.notification.model.delivery import NO_ANSWER
from shared.settings import Settings

_log = logging.getLogger(__name__)

HANDS = 8
"""Messages of one channel that a process sends side by side."""

SEND_SECONDS = 18.0
"""How long one message may be in a provider's hands, however slowly it answers: shorter than a process's drain."""

_PAUSE_SECONDS = 0.5

Task = Callable[[], object]


class Pool(SharedExtension):
    """The process's hands, kept apart by channel."""

    def setup(self) -> None:
        """Start with idle hands, and one who writes what came of their work."""
        self._pools: dict[str, GreenPool] = defaultdict(lambda: GreenPool(HANDS))
        self._waiting: dict[str, deque[Task]] = defaultdict(deque)
        self._looking: set[str] = set()
        self._writer = GreenPool(1)
        self._to_write: list[Any] = []
        self._finishing = False

    def ask(self, channel: str, task: Task) -> bool:
        """Let a hand do `task`, now or when one is done with what was asked before; False where the process ends."""
        if self._finishing:
            return False
        self._waiting[channel].append(task)
        if self._pools[channel].free() > 0:
            self._pools[channel].spawn_n(self._work, channel)
        return True

    def look(self, channel: str, task: Task) -> None:
        """Let a hand do `task` as `ask` does, unless such a look at the channel is waited for already."""

        def look() -> None:
            self._looking.discard(channel)
            task()

        if channel not in self._looking and self.ask(channel, look):
            self._looking.add(channel)

    def note(self, given: Sequence[Any], write: Callable[[list[Any]], object]) -> None:
        """Let what is given be written: with what other hands give in the same turn, and while that before is written.

        Nobody waits for more to come. All hands give the same kind of thing, and one's `write` is as good as another's.
        Where the process ends it is written when this returns.
        """
        self._to_write += given
        if self._finishing:
            self._write(write)
        elif self._writer.free() > 0:
            self._writer.spawn_n(self._write, write)

    def room(self, channel: str, most: int) -> int:
        """Return how many tasks of a channel may be asked for until `most` wait; none where the process ends."""
        return 0 if self._finishing else max(0, most - len(self._waiting[channel]))

    def goes_on(self) -> bool:
        """Tell whether the process goes on."""
        return not self._finishing

    def pause(self) -> bool:
        """Let some time go by; say whether the process goes on."""
        sleep(_PAUSE_SECONDS)
        return not self._finishing

    def finish(self) -> None:
        """Let all hands put down what they have, and wait for them."""
        self._finishing = True
        for pool in (*self._pools.values(), self._writer):
            pool.waitall()

    def _work(self, channel: str) -> None:
        waiting = self._waiting[channel]
        while waiting:
            self._do(f"sending by {channel}", waiting.popleft())

    def _write(self, write: Callable[[list[Any]], object]) -> None:
        while self._to_write:
            given, self._to_write = self._to_write, []
            self._do("noting what was sent", partial(write, given))

    def _do(self, what: str, task: Task) -> None:
        try:
            task()
        except Exception as broken:  # noqa: BLE001 - the next call tries again; its text may name people
            _log.error("%s stopped: %s", what, type(broken).__name__)


class Hands(DependencyProvider):
    """Injects the process's hands."""

    pool = Pool()

    def get_dependency(self, worker_ctx: Any) -> Pool:
        """Return the hands."""
        return self.pool


class WithinSeconds:
    """A way out whose provider has so many seconds for each message, whatever it does with them."""

    def __init__(self, channel: Channel, seconds: float = SEND_SECONDS) -> None:
        self.leaves_house = channel.leaves_house
        self._channel = channel
        self._seconds = seconds

    def send(self, message: Outgoing) -> str | None:
        """Send; raise Unclear where it took too long."""
        with self._limit():
            return self._channel.send(message)

    def taken(self, message: Outgoing, since: Any) -> list[str]:
        """Ask; raise Unclear where it took too long."""
        with self._limit():
            return list(self._channel.taken(message, since))

    @contextmanager
    def _limit(self) -> Iterator[None]:
        late = Timeout(self._seconds)
        try:
            yield
        except Timeout as caught:
            if caught is not late:
                raise
            raise Unclear(NO_ANSWER) from None
        finally:
            late.cancel()


def limited_ways_out(settings: Settings) -> Channels:
    """Return the ways out of an installation, each with a limit of time for one message."""
    return {name: WithinSeconds(channel) for name, channel in ways_out(settings).items()}

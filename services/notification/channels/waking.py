"""When the sender runs: at once when messages were written, and every few seconds for what has become due."""

from typing import Any

from eventlet import Timeout
from eventlet.event import Event as Signal
from nameko.extensions import DependencyProvider, SharedExtension
from nameko.timer import Timer

from services.notification.channels.hands import Pool

SWEEP_SECONDS = 5


class Bell(SharedExtension):
    """One bell per process, for those who have written messages and the one who sends them."""

    def setup(self) -> None:
        """Start silent."""
        self._rung = Signal()

    def ring(self) -> None:
        """Wake the sender."""
        if not self._rung.ready():
            self._rung.send()

    def wait(self, seconds: float) -> None:
        """Return when it has rung since the last time, at the latest after `seconds`."""
        with Timeout(seconds, exception=False):
            self._rung.wait()
        self._rung = Signal()


class WakeSender(DependencyProvider):
    """Injects the function that wakes the sender; call it after the commit."""

    bell = Bell()

    def get_dependency(self, worker_ctx: Any) -> Any:
        """Return the bell's `ring`."""
        return self.bell.ring


class WhenDue(Timer):
    """Fires the decorated method when the bell rings and every few seconds; never twice at once."""

    bell = Bell()
    hands = Pool()

    def __init__(self, seconds: float = SWEEP_SECONDS) -> None:
        super().__init__(seconds)

    def stop(self) -> None:
        """End after the messages in hand."""
        self._stopping = True
        self.bell.ring()
        self.gt.wait()
        self.hands.finish()

    def _run(self) -> None:
        self._stopping = False
        while True:
            self.bell.wait(self.interval)
            if self._stopping:
                return
            self.handle_timer_tick()
            self.worker_complete.wait()
            self.worker_complete.reset()


when_due = WhenDue.decorator

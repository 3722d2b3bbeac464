"""What a channel has brought and its broker does not know to be done: much of it is acknowledged at once."""

from itertools import takewhile
from typing import Any


class Taken:
    """The messages of one channel, in the order in which they came; `most` may be done unbeknown to the broker."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._done: dict[Any, Any] = {}
        """By tag: the message where it is done, else None."""
        self._count = 0

    def add(self, message: Any) -> None:
        """Note that a message has come."""
        self._done[message.delivery_tag] = None

    def note_done(self, message: Any) -> None:
        """Note that nothing more is to be done about a message."""
        self._done[message.delivery_tag] = message
        self._count += 1

    def forget(self, message: Any) -> None:
        """Note that the broker is told of a message by itself."""
        if self._done.pop(message.delivery_tag, None):
            self._count -= 1

    @property
    def is_full(self) -> bool:
        """Whether the broker is to be told now, or it might send no more."""
        return self._count >= self._most

    def pop_done(self) -> list[tuple[Any, bool]]:
        """Return, and forget, what to acknowledge: messages, and whether with all that came before them."""
        done = [message for message in self._done.values() if message]
        together = len(list(takewhile(bool, self._done.values())))
        for message in done:
            self.forget(message)
        return [(last, True) for last in done[:together][-1:]] + [(message, False) for message in done[together:]]

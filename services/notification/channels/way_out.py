"""What every way out of the house can do, and what may come of it (PRODUCT N5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.notification.model.messages import Content


@dataclass(frozen=True)
class Outgoing:
    """A message to send. `id` is the same at every attempt; providers give it back with what they tell of it."""

    id: str
    clinic: str
    channel: str
    content: Content


class NotSent(Exception):
    """A way out did certainly not take a message; `final` where trying again cannot help.

    `reason` is one of `model.delivery`, a space and the provider's own number for it; it names nobody.
    `wait` is the least time that the provider wants to be left alone.
    """

    def __init__(self, reason: str, *, final: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final
        self.wait = wait


class Unclear(Exception):
    """The message was handed over, and nothing came back that says whether it was taken. `reason` as in NotSent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotTell(Exception):
    """This way out cannot be asked what it has taken; only its events tell."""


class Channel(Protocol):
    """A way out for messages of one kind. Called outside of any transaction, with time limits of its own.

    `leaves_house` says whether somebody else takes the messages, who may have one while we do not know.
    """

    leaves_house: bool

    def send(self, message: Outgoing) -> str | None:
        """Hand the message over and return the provider's id of it, if any; raise NotSent or Unclear."""
        ...

    def taken(self, message: Outgoing, since: datetime) -> Iterable[str]:
        """Return the ids of what was taken since then and looks like this message, the newest first.

        Raises CannotTell where there is no asking, NotSent or Unclear where the provider does not answer now.
        """
        ...


class LocalOutbox:
    """The way out of an installation without providers: the table of messages is the outbox that people read."""

    leaves_house = False

    def send(self, message: Outgoing) -> str | None:
        """Take the message: it lies where it is read."""
        return None

    def taken(self, message: Outgoing, since: datetime) -> Iterable[str]:
        """Return nothing: what is not noted was not taken."""
        return ()


Channels = Mapping[str, Channel]


def wait_of(retry_after: str | None) -> timedelta | None:
    """Return the seconds of a Retry-After header; None for none and for what is not a number of seconds."""
    text = (retry_after or "").strip()
    return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else None

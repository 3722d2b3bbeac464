"""How a message leaves the house. This module alone knows the ways out (PRODUCT N5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from services.notification.model import EMAIL, SMS, Content


@dataclass(frozen=True)
class Outgoing:
    """A message to send. `id` is the same at every attempt, for providers that tell repetitions by it."""

    id: str
    clinic: str
    channel: str
    content: Content


class NotSent(Exception):
    """A way out did not take a message; `final` where trying again cannot help. `reason` names nobody."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


class Channel(Protocol):
    """A way out for messages of one kind. Called outside of any transaction."""

    def send(self, message: Outgoing) -> None:
        """Hand the message over, within a time limit of its own; raise NotSent where it was not taken."""
        ...


class LocalOutbox:
    """The way out of an installation without providers: the table of messages is the outbox that people read."""

    def send(self, message: Outgoing) -> None:
        """Take the message: it lies where it is read."""


Channels = Mapping[str, Channel]


def local_channels() -> Channels:
    """Return the ways out of an installation without providers."""
    outbox = LocalOutbox()
    return {SMS: outbox, EMAIL: outbox}

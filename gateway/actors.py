"""In whose name a request's calls are made: the public's, or the staff session's (DESIGN rule 10)."""

from typing import Any

from shared.actor import CONTEXT_KEY, Actor, sign
from shared.clock import Clock

SIGNER = "house"


def public_actor(address: str, channel: str) -> Actor:
    """Return the anonymous patient behind `address`; the history shows the source, `web 203.0.113.7`."""
    return Actor(kind="patient", source=f"{channel} {address}")


class Caller:
    """Writes the signed actor into the context that every RPC call of this request carries on."""

    def __init__(self, context: dict[str, Any], key: str, clock: Clock) -> None:
        self._context = context
        self._key = key
        self._clock = clock

    def act_as(self, actor: Actor) -> None:
        """Let all further calls of this request be made by `actor`, for a minute from now."""
        self._context[CONTEXT_KEY] = sign(actor, SIGNER, self._key, self._clock.now())

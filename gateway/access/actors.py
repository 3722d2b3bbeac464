"""In whose name a request's calls are made: the public's, or the staff session's (DESIGN rule 10)."""

from typing import Any

from gateway.access.proof import Proof
from shared.actor import CONTEXT_KEY, Actor, sign
from shared.clock import Clock

SIGNER = "house"


def public_actor(address: str, channel: str, proof: Proof | None = None) -> Actor:
    """Return the patient behind `address`, anonymous but for what they have proven at a clinic.

    The history shows the source, `web 203.0.113.7`.
    """
    source = f"{channel} {address}"
    if proof is None:
        return Actor(kind="patient", source=source)
    return Actor(kind="patient", source=source, clinic=proof.clinic, login=proof.login, need=proof.need)


class Caller:
    """Writes the signed actor into the context that every RPC call of this request carries on."""

    def __init__(self, context: dict[str, Any], key: str, clock: Clock) -> None:
        self._context = context
        self._key = key
        self._clock = clock

    def act_as(self, actor: Actor) -> None:
        """Let all further calls of this request be made by `actor`, for a minute from now."""
        self._context[CONTEXT_KEY] = sign(actor, SIGNER, self._key, self._clock.now())

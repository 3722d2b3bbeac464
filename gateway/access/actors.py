"""In whose name a request's calls are made: the public's, a patient's, or the staff session's (DESIGN rule 10)."""

from typing import Any, Protocol

from gateway.access.door import FrontDoor
from gateway.access.proof import Proof
from gateway.access.sessions import Session
from gateway.http.request import Request
from shared.actor import CONTEXT_KEY, Actor, sign
from shared.clinic_documents import ClinicDocuments
from shared.clock import Clock
from shared.contracts.errors import CodeRequired, LoginRequired, NotFound

SIGNER = "house"


class Caller:
    """Writes the signed actor into the context that every RPC call of this request carries on."""

    def __init__(self, context: dict[str, Any], key: str, clock: Clock) -> None:
        self._context = context
        self._key = key
        self._clock = clock

    def act_as(self, actor: Actor) -> None:
        """Let all further calls of this request be made by `actor`, for a minute from now."""
        self._context[CONTEXT_KEY] = sign(actor, SIGNER, self._key, self._clock.now())


class Acting(Protocol):
    """What it takes to settle who acts."""

    door: FrontDoor
    caller: Caller
    documents: ClinicDocuments


def act_as_staff(
    acting: Acting, request: Request, clinic: str | None, token: str | None, *, prolong: bool = True
) -> None:
    """Let the request's calls be made by whose session `token` opens, which is to `prolong` it or only looks.

    What belongs to no clinic (`clinic` None) is the account's own, such as its sessions. Raises LoginRequired without a
    session, Forbidden for another's clinic, CodeRequired where the clinic requires two-step login and it was by one;
    Unavailable.
    """
    session = acting.door.sessions.open(token, prolong=prolong)
    acting.caller.act_as(session.actor(clinic, f"staff {request.address}"))
    if clinic is not None and not session.account.two_step and _requires_two_steps(acting, clinic):
        raise CodeRequired.because("This clinic requires two-step login: set it up, then log in with a code.")
    request.who = session


def _requires_two_steps(acting: Acting, clinic: str) -> bool:
    """Tell whether a clinic's document lets nobody of its staff in by one step; one that is new says nothing yet."""
    try:
        return bool(acting.documents.get(clinic).document["two_step"]["staff"] == "required")
    except NotFound:
        return False


def act_as_patient(acting: Acting, request: Request, clinic: str | None, token: str | None) -> Proof | None:
    """Let the request's calls be made by whom `token` proves at `clinic`, and return the proof.

    Without one (no token, an ended or another clinic's) they are the anonymous public's. Raises Unavailable.
    """
    proof = acting.door.proofs.of(token, clinic)
    acting.caller.act_as(public_actor(request.address, "web", proof))
    request.who = proof
    return proof


def public_actor(address: str, channel: str, proof: Proof | None = None) -> Actor:
    """Return the patient behind `address`, anonymous but for what they have proven at a clinic.

    The history shows the source, `web 203.0.113.7`.
    """
    source = f"{channel} {address}"
    if proof is None:
        return Actor(kind="patient", source=source)
    return Actor(kind="patient", source=source, clinic=proof.clinic, login=proof.login, need=proof.need)


def session_of(request: Request) -> Session:
    """Return the staff session of whoever acts; raise LoginRequired where it is none."""
    if isinstance(request.who, Session):
        return request.who
    raise LoginRequired.because("Log in first.")


def has_proven(request: Request) -> bool:
    """Tell whether a patient acts who has proven something, be it a login or a need."""
    return isinstance(request.who, Proof)

"""What a patient's token proves: a login by one-time code, or the link of a recall (PRODUCT B9, B14)."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.access.patient_sessions import PatientSessions
from shared.clinic.document import KEY
from shared.links import need_of


@dataclass(frozen=True)
class Proof:
    """What somebody has proven at one clinic: a login (sealed, see `Actor.login`), or the id of a recall's need."""

    clinic: str
    login: str | None = None
    need: str | None = None


class Proofs:
    """Reads tokens: of patient sessions, and of needs."""

    def __init__(self, sessions: PatientSessions, link_keys: Sequence[str]) -> None:
        self._sessions = sessions
        self._link_keys = link_keys

    def of(self, token: str | None, clinic: str | None) -> Proof | None:
        """Return what `token` proves at `clinic`; None where it is no token, an ended one, or another clinic's.

        A need's token names no clinic: services find the need only at its own, and none where no clinic can be.
        A session lasts anew by being read. Raises Unavailable where a session cannot be looked up.
        """
        if not token or clinic is None:
            return None
        if need := need_of(self._link_keys, token):
            return Proof(clinic, need=need) if KEY.fullmatch(clinic) else None
        session = self._sessions.open(token)
        if session is None or session.clinic != clinic:
            return None
        return Proof(clinic, login=session.login)

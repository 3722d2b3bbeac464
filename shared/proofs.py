"""What a patient has proven of themselves before the call came here (PRODUCT B9, B14, DESIGN rule 10)."""

from dataclasses import dataclass
from typing import Any

from shared.actor import Actor
from shared.sealed import Sealer, Unsealable


@dataclass(frozen=True)
class Proof:
    """What holds for one clinic: the mobile of a login, in E.164, with the number if it took two steps, or a need.

    `need` is the id of the need whose recall link the patient came by.
    """

    mobile: str | None = None
    identity: dict[str, str] | None = None
    need: str | None = None

    @property
    def is_login(self) -> bool:
        """Whether a mobile was proven by a code."""
        return self.mobile is not None

    @property
    def opens_needs(self) -> bool:
        """Whether somebody's needs may be used by it."""
        return self.is_login or self.need is not None


NOTHING = Proof()


def proof_of(actor: Actor, clinic: str, sealer: Sealer) -> Proof:
    """Return what `actor` has proven for `clinic`; what was proven for another clinic proves nothing here."""
    if actor.kind != "patient" or actor.clinic != clinic:
        return NOTHING
    login = _opened(actor.login, sealer)
    return Proof(login.get("mobile"), login.get("identity"), actor.need)


def _opened(login: str | None, sealer: Sealer) -> dict[str, Any]:
    """Return what a login has proven: nothing where its key is no longer accepted, and it has to be made anew."""
    if login is None:
        return {}
    try:
        found: dict[str, Any] = sealer.open(login)
    except Unsealable:
        return {}
    return found

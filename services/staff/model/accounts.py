"""An account: a person, the clinics at which they work, and what may be changed of it by whom (PRODUCT C1)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.staff.model.refusals import TOO_EASY, TOO_LONG, TOO_SHORT
from shared.contracts.staff import Role

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
"""Characters. What is long is hard to guess; rules of which signs it must hold only make people write it down
(NIST SP 800-63B, 3.1.1.2)."""


@dataclass(frozen=True)
class Membership:
    """What somebody is at one clinic; `practitioner` is the key of their own calendar.

    Until it is `accepted` it is an invitation, which opens nothing.
    """

    clinic: str
    role: Role
    practitioner: str | None
    accepted: bool


@dataclass(frozen=True)
class Account:
    """A person who works at clinics.

    `revision` grows with each change of where they work, as what, and what proves them, and ends the sessions of those
    before. Invitations leave it as it is: a clinic to which somebody has said nothing ends no session of theirs.
    """

    id: str
    email: str
    created_at: datetime
    memberships: tuple[Membership, ...] = ()
    password_hash: str | None = field(default=None, repr=False)
    revision: int = 1

    @property
    def email_key(self) -> str:
        """What the account is found by, however the address is written."""
        return email_key(self.email)

    @property
    def clinics(self) -> tuple[Membership, ...]:
        """Where the person works, in the order of the clinics' keys."""
        return tuple(each for each in self.memberships if each.accepted)

    def at(self, clinic: str) -> Membership | None:
        """Return what the person is at a clinic, be it as somebody invited; None where they are nobody there."""
        return next((each for each in self.memberships if each.clinic == clinic), None)

    def is_of_one_clinic(self, clinic: str) -> bool:
        """Tell whether the clinic's administrators may set email and password: nobody else trusts the person.

        Invitations of others count only where there is nothing else: who has answered none belongs to who invited.
        """
        places = self.clinics or self.memberships
        return {each.clinic for each in places} == {clinic}

    def accepting(self, clinics: Collection[str]) -> "Account":
        """Return the account of somebody who has answered these clinics' invitations."""
        answered = (replace(each, accepted=True) if each.clinic in clinics else each for each in self.memberships)
        return self._placed(answered)

    def with_membership(self, membership: Membership) -> "Account":
        """Return the account of somebody who is this at a clinic, whatever they were there before."""
        others = [each for each in self.memberships if each.clinic != membership.clinic]
        return self._placed(sorted([*others, membership], key=lambda each: each.clinic))

    def without(self, clinic: str) -> "Account":
        """Return the account of somebody who is nobody at a clinic any more."""
        return self._placed(each for each in self.memberships if each.clinic != clinic)

    def with_email(self, email: str) -> "Account":
        """Return the account at another address; whoever was invited there under the old one no longer is."""
        kept = self.clinics or self.memberships
        return self._next(email=email, memberships=kept)

    def with_password(self, hashed: str) -> "Account":
        """Return the account with another password."""
        return self._next(password_hash=hashed)

    def proven_otherwise(self) -> "Account":
        """Return the account of somebody who proves in another way from now on who they are."""
        return self._next()

    def _placed(self, memberships: Iterable[Membership]) -> "Account":
        placed = replace(self, memberships=tuple(memberships))
        return placed if placed.clinics == self.clinics else placed._next()

    def _next(self, **changes: object) -> "Account":
        return replace(self, revision=self.revision + 1, **changes)  # type: ignore[arg-type]


def email_key(email: str) -> str:
    """Return what an account is found by: people write their address in capitals, and mean the same."""
    return email.strip().casefold()


def password_problem(password: str, email: str) -> str | None:
    """Return what is wrong with a password that somebody chose; None where nothing is."""
    if len(password) < SHORTEST_PASSWORD:
        return TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return TOO_LONG
    if email_key(email) in password.casefold() or len(set(password)) < 4:
        return TOO_EASY
    return None

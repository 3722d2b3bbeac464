"""What staff needs of its own events, and of the people in them."""

from dataclasses import dataclass

from shared.contracts.plain import Excerpt
from shared.contracts.staff import AskedReset, LinkPerson


@dataclass(frozen=True)
class ResetTold(Excerpt[AskedReset]):
    """A wish for a new password; `person` is sealed."""

    person: str


@dataclass(frozen=True)
class AskedFor(Excerpt[LinkPerson]):
    """Whose it is, and what they read."""

    email: str
    language: str | None = None

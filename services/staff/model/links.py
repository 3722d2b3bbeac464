"""Links by which somebody chooses a password: when one was forgotten, or to answer an invitation (PRODUCT C4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Purpose = Literal["reset", "invitation"]

LIVES: dict[Purpose, timedelta] = {"reset": timedelta(hours=1), "invitation": timedelta(days=7)}
"""How long a link opens."""

MOST_IN_AN_HOUR = 3
"""So many links are sent to an account's address, whoever asks: nobody is flooded, and each of them opens."""


@dataclass(frozen=True)
class Link:
    """A link that opens once, until a moment; `clinic` is the one that invites.

    `email_key` is that of the address it was sent to: of an account that is at another by now, it opens nothing.
    """

    id: str
    account: str
    purpose: Purpose
    clinic: str | None
    email_key: str
    created_at: datetime
    until: datetime

    def opens(self, email_key: str, now: datetime) -> bool:
        """Tell whether it still opens the account of an address."""
        return self.email_key == email_key and now < self.until

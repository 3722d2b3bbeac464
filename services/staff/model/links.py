"""Links by which somebody chooses a password: when one was forgotten, or to answer an invitation (PRODUCT C4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.staff.model.accounts import Account

Purpose = Literal["reset", "invitation"]

LIVES: dict[Purpose, timedelta] = {"reset": timedelta(hours=1), "invitation": timedelta(days=7)}
"""How long a link opens."""

MOST_IN_AN_HOUR = 3
"""So many links of a purpose are sent to an account's address, whoever asks: nobody is flooded, each of them opens, and
no stranger who asks for new passwords hinders an invitation."""


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

    def opens(self, account: Account, now: datetime) -> bool:
        """Tell whether it still opens its account: an invitation until it was answered, or taken back."""
        invited = None if self.clinic is None else account.at(self.clinic)
        stands = self.clinic is None or (invited is not None and not invited.accepted)
        return stands and self.email_key == account.email_key and now < self.until

"""A practitioner's calendar as a feed that calendar programs fetch (PRODUCT C16): whose it is, and what ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.staff.model.accounts import Account

MOST_OF_ACCOUNT = 20
"""So many feeds of a clinic's calendars an account may have: one for each device, by far."""

NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a feed was last fetched; a program that asks in a loop writes no row each time."""


@dataclass(frozen=True)
class Feed:
    """A feed of an account's: of which `practitioner`'s calendar, whether with patients' `names`, in which language.

    Its token is derived from its id and stands nowhere.
    """

    id: str
    account: str
    clinic: str
    practitioner: str
    names: bool
    language: str
    created_at: datetime
    fetched_at: datetime | None = None

    def is_still_for(self, account: Account) -> bool:
        """Tell whether its owner may see that calendar still: an administrator any, a therapist their own (C1)."""
        here = account.at(self.clinic)
        if here is None or not here.accepted:
            return False
        return here.role == "administrator" or here.practitioner == self.practitioner

    def is_to_be_noted(self, now: datetime) -> bool:
        """Tell whether it is worth writing down that it was fetched just now."""
        return self.fetched_at is None or now - self.fetched_at >= NOTED_EVERY

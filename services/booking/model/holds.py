"""Holds: time kept for somebody who is filling in the form (PRODUCT B12)."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.booking.model.choosing import Taken
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.history import Occurrence
from shared.contracts.booking import SLOT_HELD, SLOT_RELEASED, HoldEnded, HoldState

CLOCKS_APART = timedelta(seconds=5)
"""By how much the clocks of two machines may differ before a hold ends for others while its holder still has it."""

_HOLD = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True)
class Hold:
    """A time kept for somebody who is filling in the form (PRODUCT B12). `state`: held | used | released.

    `any_practitioner` says that the patient left the choice to the clinic; `revision` is the document's at the check.
    `expires_at` ends it for everybody, whichever process looks; the patient is told `told_until`.
    """

    id: str
    clinic: str
    state: str
    type: str
    practitioner: str
    any_practitioner: bool
    resources: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_to: datetime
    minutes: int
    revision: int
    expires_at: datetime

    @property
    def told_until(self) -> datetime:
        """Until when the time is kept by any clock that is not further off than `CLOCKS_APART`."""
        return self.expires_at - CLOCKS_APART

    def is_valid(self, now: datetime) -> bool:
        """Tell whether the time is still kept."""
        return self.state == "held" and now < self.expires_at


def new_hold(
    taken: Taken, type: str, rules: ClinicRules, now: datetime, *, any_practitioner: bool, revision: int
) -> Hold:
    """Return the hold that keeps a free time for the clinic's minutes.

    Its random id cannot be guessed: who has it may release the hold.
    """
    chosen = taken.candidate
    return Hold(
        id=secrets.token_urlsafe(16),
        clinic=rules.clinic,
        state="held",
        type=type,
        practitioner=chosen.practitioner,
        any_practitioner=any_practitioner,
        resources=taken.resources,
        starts_at=chosen.start,
        ends_at=chosen.end,
        busy_from=chosen.busy_from,
        busy_to=chosen.busy_to,
        minutes=chosen.minutes,
        revision=revision,
        expires_at=now + rules.hold_length + CLOCKS_APART,
    )


def is_hold(text: object) -> bool:
    """Tell whether `text` could be a hold's id at all."""
    return isinstance(text, str) and _HOLD.fullmatch(text) is not None


def held(hold: Hold) -> Occurrence:
    """Return what others hear of a new hold."""
    state = HoldState(
        hold=hold.id,
        type=hold.type,
        practitioner=hold.practitioner,
        resources=hold.resources,
        start=hold.starts_at,
        end=hold.ends_at,
        busy_from=hold.busy_from,
        busy_to=hold.busy_to,
        expires_at=hold.expires_at,
    )
    return Occurrence(SLOT_HELD, hold.clinic, hold.id, 1, state)


def released(hold: Hold) -> Occurrence:
    """Return what others hear of a hold that is over without a booking."""
    return Occurrence(SLOT_RELEASED, hold.clinic, hold.id, 2, HoldEnded(hold=hold.id))

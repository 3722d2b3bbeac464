"""Who has opened which patient's record when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

What = Literal["read", "changed", "imported", "exported", "erased", "booking"]
"""The record itself, read, changed, taken over from the former system (C14), handed out with all that is held of the
patient, or erased (A3); or a booking of the patient's.

That shows them, too.
"""


@dataclass(frozen=True)
class Opening:
    """One look at a patient's data, or a change of them, which shows them too. `position` counts them.

    `patient` is None where a booking has no record yet, which follows it within moments; `booking` is its reference.
    """

    clinic: str
    patient: str | None
    at: datetime
    actor_kind: str
    actor_id: str | None
    what: What
    booking: str | None = None
    position: int = 0


@dataclass(frozen=True)
class Sought:
    """Which openings are looked for: of one patient, by one actor, from `first` until before `last`; None: all."""

    patient: str | None = None
    actor: str | None = None
    first: datetime | None = None
    last: datetime | None = None

"""Who has opened which patient's record when, and for how long that is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

KEPT = timedelta(days=5 * 366)
"""Five years, as Sweden's rules for logs of patients' records have it (HSLF-FS 2016:40, 4 kap. 9 §)."""

What = Literal["read", "changed"]


@dataclass(frozen=True)
class Opening:
    """One look at a record, or a change of it, which shows it too. `position` counts them."""

    clinic: str
    patient: str
    at: datetime
    actor_kind: str
    actor_id: str | None
    what: What
    position: int = 0

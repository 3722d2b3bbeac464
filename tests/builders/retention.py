"""A clinic at which retention has looked before (ADR 58)."""

from datetime import datetime, timedelta
from typing import Any

from shared.retention.deleting import NIGHT
from shared.retention.runs import Run


def first_look(work: Any, clinic: str, now: datetime) -> None:
    """Note that a clinic was looked through on the day before `now`, unless some day is noted."""
    with work() as store:
        if store.run(clinic, NIGHT) is None:
            before = now - timedelta(days=1)
            store.note_run(Run(clinic, NIGHT, before.date(), before, is_done=True))

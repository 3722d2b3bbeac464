"""What notification empties when it is older than a clinic keeps it (PRODUCT A3, ADR 58)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from services.notification.handlers.rights.erasing import TO_NOBODY
from shared.clinic.retention import MESSAGES, Over
from shared.retention import deleting, telling
from shared.retention.kinds import AT_ONCE, MOST_COUNTED, Batch, Count, Kind

if TYPE_CHECKING:
    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore


def _empty(desk: Desk, store: NotificationStore, over: Over, _found: None) -> Batch:
    emptied = store.empty_old_messages(over, desk.keys.people.seal(TO_NOBODY.to_json()), AT_ONCE)
    return Batch(emptied, is_last=emptied < AT_ONCE)


def _count(desk: Desk, over: Over) -> Count:
    with desk.work.reading() as store:
        return Count.up_to(store.count_old_messages(over, MOST_COUNTED + 1))


KINDS = (Kind(MESSAGES, _empty, _count),)

retention = partial(telling.retention, KINDS)
"""What they would delete, and have deleted."""

delete_old = partial(deleting.delete_old, KINDS)
"""What is over of all clinics."""

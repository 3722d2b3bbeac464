"""What patient deletes when it is older than a clinic keeps it (PRODUCT A3, ADR 58)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from services.patient.handlers.erasing import erase_records
from services.patient.handlers.openings import note_erased
from shared.clinic.retention import ACCESS_LOG, NEEDS, PATIENTS, Over
from shared.retention import deleting, telling
from shared.retention.kinds import AT_ONCE, MOST_COUNTED, Batch, Count, Kind

if TYPE_CHECKING:
    from services.patient.handlers.desk import Desk
    from services.patient.store import PatientStore
    from services.patient.store.old import Longstanding

_MOST_LOOKED_AT = 2000
"""Of so many records booking is asked when patients are counted: it takes some tenths of a second."""


@dataclass(frozen=True)
class Gone:
    """Those of a page of old records whose patients booking has not seen since; `behind` is the page's end.

    `told` is the place among what was told from which on they may have been seen all the same.
    """

    records: list[Longstanding]
    behind: str | None
    told: int


def _delete_openings(_desk: Desk, store: PatientStore, over: Over, _found: None) -> Batch:
    deleted = store.delete_old_openings(over, AT_ONCE)
    return Batch(deleted, is_last=deleted < AT_ONCE)


def _count_openings(desk: Desk, over: Over) -> Count:
    with desk.work.reading() as store:
        return Count.up_to(store.count_old_openings(over, MOST_COUNTED + 1))


def _delete_needs(_desk: Desk, store: PatientStore, over: Over, _found: None) -> Batch:
    deleted = store.delete_old_needs(over, AT_ONCE)
    return Batch(deleted, is_last=deleted < AT_ONCE)


def _count_needs(desk: Desk, over: Over) -> Count:
    with desk.work.reading() as store:
        return Count.up_to(store.count_old_needs(over, MOST_COUNTED + 1))


def _who_no_longer_comes(desk: Desk, over: Over, behind: str | None) -> Gone:
    """Look at the next page of old records, and ask booking who of them was there since."""
    with desk.work.reading() as store:
        told = store.lately_told()
        page = store.longstanding(over, _place(behind), AT_ONCE)
    seen = _seen(desk, over, [each.id for each in page]) if page else set()
    last = page[-1] if len(page) == AT_ONCE else None
    end = last and f"{last.created_at.astimezone(UTC).replace(tzinfo=None).isoformat()} {last.id}"
    return Gone([each for each in page if each.id not in seen], end, told)


def _seen(desk: Desk, over: Over, patients: list[str]) -> set[str]:
    bookings = desk.bookings.in_own_name()
    return set(bookings.seen_since(over.clinic, patients=patients, since=over.before.isoformat())["patients"])


def _erase(desk: Desk, store: PatientStore, over: Over, gone: Gone) -> Batch:
    """Erase those records as if somebody had asked for it; who has been seen since they were looked at is left."""
    ids = store.unchanged(over, gone.records, gone.told)
    patients = list(store.named(over.clinic, ids).values())
    for patient in patients:
        note_erased(desk, store, over.clinic, patient.id)
    erase_records(desk, store, patients)
    return Batch(len(patients), is_last=gone.behind is None, behind=gone.behind)


def _count_patients(desk: Desk, over: Over) -> Count:
    number, behind = 0, None
    for _ in range(_MOST_LOOKED_AT // AT_ONCE):
        gone = _who_no_longer_comes(desk, over, behind)
        number, behind = number + len(gone.records), gone.behind
        if behind is None:
            break
    return Count(number, behind is not None)


def _place(behind: str | None) -> tuple[datetime, str] | None:
    if behind is None:
        return None
    at, _, id = behind.partition(" ")
    return datetime.fromisoformat(at).replace(tzinfo=UTC), id


KINDS = (
    Kind(ACCESS_LOG, _delete_openings, _count_openings),
    Kind(NEEDS, _delete_needs, _count_needs),
    Kind(PATIENTS, _erase, _count_patients, _who_no_longer_comes),
)
"""Patients last: what of theirs is over has gone by then."""

retention = partial(telling.retention, KINDS)
"""What they would delete, and have deleted."""

delete_old = partial(deleting.delete_old, KINDS)
"""What is over of all clinics."""

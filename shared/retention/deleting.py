"""What is over is deleted once a day, in batches that are each a transaction: what a kill interrupts goes on (ADR 58).

How far a run is, stands in the row that the batch's own transaction writes; so nothing is half done and nothing is
counted twice, however many processes try.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.actor import Actor
from shared.clinic.retention import Over, over, period_of, today_of
from shared.contracts.errors import Refusal
from shared.retention.kinds import Kind
from shared.retention.runs import Run

RETENTION = Actor(kind="service", id="retention")
"""Who acts, in events and logs."""

EVERY_SECONDS = 60 * 60
"""It is looked so often whether a clinic has a new date."""

PAUSE_SECONDS = 0.2
"""Between two batches: everybody else comes first."""

NIGHT = "night"
"""The run of a clinic whose kinds have all been looked through."""

_log = logging.getLogger(__name__)


def delete_old(kinds: Sequence[Kind], desk: Any, listed: Mapping[str, Any], pause: Callable[[float], object]) -> None:
    """Delete what is over by the documents in force, and has not gone today; `listed` is what `clinics` returned.

    A clinic of which that fails for now has its turn again with the next look; it does not hold up the others.
    """
    desk = replace(desk, actor=RETENTION)
    for clinic in (each["clinic"] for each in listed["clinics"]):
        try:
            _delete_of(kinds, desk, clinic, pause)
        except Refusal as refusal:
            _log.warning("retention: what is old at %s waits for the next look: %s", clinic, refusal.code)


def _delete_of(kinds: Sequence[Kind], desk: Any, clinic: str, pause: Callable[[float], object]) -> None:
    """Delete what is over at a clinic, unless all has been looked through today.

    That is noted, also of what is kept for ever: a period that is set by day deletes nothing before the night. The
    first look at a clinic notes no more than that, since its periods may have been set just now.
    """
    document = desk.documents.get(clinic).document
    night = Run(clinic, NIGHT, today_of(document, desk.now), desk.now, is_done=True)
    last = _last_run(desk, clinic, NIGHT)
    if last is None:
        _note(desk, night)
    if last is None or last.day == night.day:
        return
    ended = [(kind, over(clinic, document, period_of(document, kind.name), desk.now)) for kind in kinds]
    for kind, found in ended:
        while found is not None and delete_batch(desk, kind, found):
            pause(PAUSE_SECONDS)
    runs = [_last_run(desk, clinic, kind.name) for kind, found in ended if found is not None]
    if all(run is not None and run.day == night.day and run.is_done for run in runs):
        _note(desk, night)


def _last_run(desk: Any, clinic: str, kind: str) -> Run | None:
    with desk.work.reading() as store:
        run: Run | None = store.run(clinic, kind)
    return run


def _note(desk: Any, run: Run) -> None:
    with desk.work() as store:
        store.note_run(run)


def delete_batch(desk: Any, kind: Kind, over: Over) -> bool:
    """Delete the next of what is over; return whether there may be more for this process to do."""
    with desk.work.reading() as store:
        before = _run_of_today(desk, kind, over, store)
    if before.is_done:
        return False
    found = kind.look(desk, over, before.behind)
    with desk.work() as store:
        if not store.is_alone_to_delete() or _run_of_today(desk, kind, over, store) != before:
            return False  # another process is at it
        batch = kind.delete(desk, store, over, found)
        run = replace(before, deleted=before.deleted + batch.deleted, is_done=batch.is_last, behind=batch.behind)
        store.note_run(run)
    if run.is_done:
        _log.info("retention: %s of %s deleted at %s", run.deleted, kind.name, over.clinic)
    return not run.is_done


def _run_of_today(desk: Any, kind: Kind, over: Over, store: Any) -> Run:
    run: Run | None = store.run(over.clinic, kind.name)
    return Run(over.clinic, kind.name, over.today, desk.now) if run is None or run.day != over.today else run

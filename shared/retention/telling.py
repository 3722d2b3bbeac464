"""What periods would delete is counted before, and what they have deleted is told afterwards (PRODUCT A3, ADR 58)."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from shared.clinic.retention import KINDS, over, period_of
from shared.retention.kinds import Kind


def retention(kinds: Sequence[Kind], desk: Any, clinic: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{retention: [{kind, period, over, is_more, ran_at, deleted}]}`: of each kind that the service keeps.

    `asked` may name periods by kind that are not in force: then of these kinds alone it is told what they would delete.
    `over` is how much that is now, and `is_more` that there may be more; null where all is kept, or not to be counted
    (`count`). `ran_at` is when it was last looked through, and `deleted` how much went; null where that has never been.
    Raises NotFound.
    """
    document = desk.documents.get(clinic).document
    kinds = [kind for kind in kinds if kind.count is not None]
    if asked.keys() & {*KINDS}:
        periods = {kind.name: asked[kind.name] for kind in kinds if kind.name in asked}
    else:
        periods = {kind.name: period_of(document, kind.name) for kind in kinds}
    return {
        "retention": [
            _told(desk, kind, clinic, document, periods[kind.name], count=asked["count"])
            for kind in kinds
            if kind.name in periods
        ]
    }


def _told(
    desk: Any, kind: Kind, clinic: str, document: Mapping[str, Any], period: str | None, *, count: bool
) -> dict[str, Any]:
    ended = over(clinic, document, period, desk.now) if count else None
    counted = None if ended is None or kind.count is None else kind.count(desk, ended)
    with desk.work.reading() as store:
        run = store.run(clinic, kind.name)
    at = run and run.at.astimezone(ZoneInfo(document["time_zone"])).isoformat(timespec="seconds")
    return {
        "kind": kind.name,
        "period": period,
        "over": counted and counted.number,
        "is_more": bool(counted and counted.is_more),
        "ran_at": at,
        "deleted": run and run.deleted,
    }

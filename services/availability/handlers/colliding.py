"""Which bookings absences, and working time that is none any more, would meet (S8).

Asked of booking after the commit, in pages, and never asked back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from services.availability.model.lost_time import lost_time
from shared.clinic.absences import absent_between
from shared.clinic.plan.reading import clinic_plan
from shared.contracts.errors import Timeout, Unavailable

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk

_log = logging.getLogger(__name__)

_PLANNED_BY = ("practitioners", "templates", "plans", "days", "time_zone")
"""The parts of a document that say when somebody works."""

_END_OF_BOOKINGS = datetime(2200, 1, 1, tzinfo=UTC)
"""Booking knows no later moments, absences do."""

MOST_ABSENCES = 200
"""Of so many absences of one document, the first that are not over, what they would meet is looked for.

Stretches of working time that is lost count as absences, behind them.
"""

Stretch = dict[str, str]


def collisions_with(
    desk: Desk,
    document: Mapping[str, Any],
    absences: Iterable[Mapping[str, Any]],
    lost: Sequence[Stretch] = (),
    **paging: Any,
) -> dict[str, Any]:
    """Return a page of the bookings that any of `absences`, or `lost` working time, would meet.

    As `{collisions, next, count}`. Raises Timeout or Unavailable where booking does not answer.
    """
    stretches = [*_stretches(desk, document, absences), *lost]
    if not stretches:
        return {"collisions": [], "next": None, "count": 0}
    return desk.bookings.find_collisions(
        document["clinic"], time_zone=document["time_zone"], stretches=stretches[:MOST_ABSENCES], **paging
    )


def told_of(
    desk: Desk,
    document: Mapping[str, Any],
    absences: Iterable[Mapping[str, Any]],
    lost: Sequence[Stretch] = (),
    **paging: Any,
) -> dict[str, Any]:
    """Return what `collisions_with` does, or null for each of the three where booking does not answer.

    What has been done stands, and may be asked about by `check_absence` later.
    """
    try:
        return collisions_with(desk, document, absences, lost, **paging)
    except (Timeout, Unavailable) as trouble:
        _log.warning("what absences of %s collide with is not known: %s", document["clinic"], trouble.detail)
        return {"collisions": None, "next": None, "count": None}


def unchecked(
    desk: Desk, document: Mapping[str, Any], absences: Iterable[Mapping[str, Any]], lost: Sequence[Stretch] = ()
) -> int:
    """Return of how many of all these the two above do not say what they would meet: those behind the first ones."""
    return max(0, len(_stretches(desk, document, absences)) + len(lost) - MOST_ABSENCES)


def lost(desk: Desk, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Stretch]:
    """Return the working time to come that `after` takes away; a new clinic has none to lose."""
    if before is None or all(before.get(part) == after[part] for part in _PLANNED_BY):
        return []
    zone = ZoneInfo(after["time_zone"])
    found = lost_time(clinic_plan(before), clinic_plan(after), desk.now.astimezone(zone).date())
    return [
        {"practitioner": key, "from": max(start, desk.now).isoformat(), "to": end.isoformat()}
        for key, start, end in found
        if end > desk.now
    ]


def added(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the absences of `after` that are new or others than `before`; a new clinic has no bookings to meet."""
    if before is None or before["absences"] == after["absences"]:
        return []
    known = {absence["id"]: absence for absence in before["absences"]}
    return [absence for absence in after["absences"] if known.get(absence["id"]) != absence]


def _stretches(desk: Desk, document: Mapping[str, Any], absences: Iterable[Mapping[str, Any]]) -> list[Stretch]:
    return [each for each in (_stretch(absence, document, desk) for absence in absences) if each is not None]


def _stretch(absence: Mapping[str, Any], document: Mapping[str, Any], desk: Desk) -> Stretch | None:
    """Return whose time, from now on at the earliest, None where none is left that may be booked."""
    start, end = absent_between(absence, ZoneInfo(document["time_zone"]))
    start, end = max(start, desk.now), min(end, _END_OF_BOOKINGS)
    if start >= end:
        return None
    whose = {name: absence[name] for name in ("practitioner", "resource") if absence[name]}
    return {**whose, "from": start.isoformat(), "to": end.isoformat()}

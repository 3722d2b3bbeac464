"""What a clinic's set-up says of dates, for the staff's calendar: who works when at what, who is away (PRODUCT C6)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shared.clinic.absences import absent_between, absent_keys
from shared.clinic.document import Document
from shared.clinic.occupancy import Interval, overlap, practitioner_key, resource_key
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.frame import Day, frame_of

Row = dict[str, Any]


@dataclass(frozen=True)
class _Away:
    """An absence with whose it is, by the names of occupancy, and from when to when."""

    absence: Document
    keys: frozenset[str]
    between: Interval


def schedule(
    document: Document,
    plan: ClinicPlan,
    first: date,
    last: date,
    practitioners: Sequence[str],
    absences: Iterable[Document],
) -> list[Row]:
    """Return a row for each date, of these practitioners and of all rooms and devices.

    `{"date", "holiday", "holidays", "closed", "practitioners", "resources"}`; `closed` says whether the date is closed
    to the web (S9), `holidays` what the holiday is called by language. Moments have the clinic's offset; each of the
    `absences` is told as far as it lies on the date.
    """
    frame = frame_of(plan, first, last)
    away = [_away(document, plan, row) for row in absences]
    resources = [row["key"] for row in document["resources"]]
    return [_day(plan, day, practitioners, resources, away) for day in frame.days]


def _away(document: Document, plan: ClinicPlan, absence: Document) -> _Away:
    return _Away(absence, frozenset(absent_keys(absence, document)), absent_between(absence, plan.zone))


def _day(plan: ClinicPlan, day: Day, practitioners: Sequence[str], resources: Sequence[str], away: list[_Away]) -> Row:
    there = (day.starts_at, day.starts_at + timedelta(minutes=day.minutes))
    that_day = [each for each in away if overlap(each.between, there)]
    return {
        "date": day.on.isoformat(),
        "holiday": plan.holidays.names.get(day.on),
        "holidays": dict(plan.holidays.in_languages(day.on)),
        "closed": plan.holidays.closes(day.on),
        "practitioners": [
            {
                "key": key,
                "blocks": list(_blocks(plan, day, key)),
                "absences": list(_absences(plan, that_day, practitioner_key(key), there)),
            }
            for key in practitioners
        ],
        "resources": [
            {"key": key, "absences": list(_absences(plan, that_day, resource_key(key), there))} for key in resources
        ],
    }


def _blocks(plan: ClinicPlan, day: Day, practitioner: str) -> Iterator[Row]:
    for block in plan.day_plan(practitioner, day.on).blocks:
        start, end = day.elapsed(block.start, plan.zone), day.elapsed(block.end, plan.zone, end=True)
        if start < end:
            between = day.starts_at + timedelta(minutes=start), day.starts_at + timedelta(minutes=end)
            yield {"kind": block.kind, **_local(plan, between), "online": block.kind in plan.online_kinds}


def _absences(plan: ClinicPlan, away: list[_Away], key: str, there: Interval) -> Iterator[Row]:
    for each in away:
        if key in each.keys:
            between = max(each.between[0], there[0]), min(each.between[1], there[1])
            yield {"id": each.absence["id"], **_local(plan, between), "reason": each.absence["reason"]}


def _local(plan: ClinicPlan, between: tuple[datetime, datetime]) -> dict[str, str]:
    start, end = (moment.astimezone(plan.zone).isoformat() for moment in between)
    return {"start": start, "end": end}

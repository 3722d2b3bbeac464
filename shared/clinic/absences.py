"""When practitioners, rooms and the whole clinic are absent (PRODUCT S8)."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.clinic.document import Document
from shared.clinic.occupancy import Interval, practitioner_key, resource_key
from shared.clinic.times.wall_clock import end_moment, midnight, start_moment

_DAY = timedelta(days=1)


def absent_between(absence: Document, zone: ZoneInfo) -> Interval:
    """Return from when to when an absence lasts: whole days where it says dates, both included, else moments.

    Both are the same moment where it is of a date that the zone skips.
    """
    first, last = absence["from"], absence["to"]
    if "T" in first:
        return start_moment(datetime.fromisoformat(first), zone), end_moment(datetime.fromisoformat(last), zone)
    return midnight(date.fromisoformat(first), zone), midnight(date.fromisoformat(last) + _DAY, zone)


def absent_keys(absence: Document, document: Document) -> list[str]:
    """Return whose absence it is, by the names of occupancy: one of the clinic is one of each practitioner."""
    if absence["resource"]:
        return [resource_key(absence["resource"])]
    of_clinic = (row["key"] for row in document["practitioners"])
    return [practitioner_key(key) for key in ([absence["practitioner"]] if absence["practitioner"] else of_clinic)]


def absences_of(document: Document) -> dict[str, tuple[Interval, ...]]:
    """Return when everybody and everything of the clinic is absent, by the names of occupancy."""
    zone = ZoneInfo(document["time_zone"])
    found: defaultdict[str, tuple[Interval, ...]] = defaultdict(tuple)
    for absence in document["absences"]:
        start, end = absent_between(absence, zone)
        for key in absent_keys(absence, document) if start < end else ():
            found[key] += ((start, end),)
    return dict(found)

"""What templates, plans, one-off days and absences must be together (PRODUCT S1, S2, S8)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from services.availability.document.grid import check_on_grid, check_time_on_grid
from services.availability.document.problems import shown
from services.availability.document.references import References
from services.availability.document.shape import Reading
from shared.clinic.times.wall_clock import minutes_of

Item = Mapping[str, Any]

_FOR_EVER = "2999-12-31"


def check_calendar(document: Item, known: References, reading: Reading) -> None:
    """Report what is wrong with when the clinic of `document` (normal form) works."""
    for index, template in enumerate(document["templates"]):
        for weekday, blocks in template["week"].items():
            _check_blocks(blocks, document["grid"], known, f"templates[{index}].week.{weekday}", reading)
    for index, plan in enumerate(document["plans"]):
        known.practitioners.check(plan["practitioner"], f"plans[{index}].practitioner")
        known.templates.check(plan["template"], f"plans[{index}].template")
        if plan["from"] and plan["to"] and plan["from"] > plan["to"]:
            reading.report(f"plans[{index}].to", f"It is before from ({plan['from']}); write that date or a later one.")
    _check_plans_do_not_overlap(document["plans"], reading)
    _check_days(document, known, reading)
    for index, absence in enumerate(document["absences"]):
        check_absence(absence, known, f"absences[{index}]", reading)
    _check_absence_ids(document["absences"], reading)


def check_absence(absence: Item, known: References, path: str, reading: Reading) -> None:
    """Report what is wrong with one absence; `path` is empty where it comes alone."""
    dot = f"{path}." if path else ""
    known.practitioners.check(absence["practitioner"], f"{dot}practitioner")
    known.resources.check(absence["resource"], f"{dot}resource")
    if absence["practitioner"] and absence["resource"]:
        reading.report(f"{dot}resource", "An absence is of a practitioner or of a resource; make two of it.")
    start, end = absence["from"], absence["to"]
    if not start or not end:
        return
    if ("T" in start) != ("T" in end):
        reading.report(f"{dot}to", "Write dates for both from and to, or moments for both.")
    elif end < start or ("T" in start and end == start):
        reading.report(f"{dot}to", f"It is not after from ({start}); write a later one, or the same date for one day.")


def _check_blocks(blocks: list[Item], grid: str | None, known: References, path: str, reading: Reading) -> None:
    good = []
    for index, block in enumerate(blocks):
        inner = f"{path}[{index}]"
        known.block_kinds.check(block["kind"], f"{inner}.kind")
        for end in ("from", "to"):
            check_time_on_grid(block[end], grid, f"{inner}.{end}", reading)
        check_on_grid(block["step"], grid, f"{inner}.step", reading)
        if block["from"] and block["to"]:
            if minutes_of(block["to"]) <= minutes_of(block["from"]):
                reading.report(
                    f"{inner}.to", f"It is not after from ({block['from']}); a block ends on its day, by 24:00."
                )
            else:
                good.append((block["from"], block["to"], index))
    good.sort()
    for (_, earlier_end, earlier), (start, _, index) in pairwise(good):
        if start < earlier_end:
            reading.report(
                f"{path}[{index}].from", f"The block overlaps {path}[{earlier}]; let one end before the other."
            )


def _check_plans_do_not_overlap(plans: list[Item], reading: Reading) -> None:
    by_practitioner: dict[str | None, list[int]] = {}
    for index, plan in enumerate(plans):
        by_practitioner.setdefault(plan["practitioner"], []).append(index)
    for indexes in by_practitioner.values():
        indexes.sort(key=lambda index: plans[index]["from"] or "")
        for one, other in _side_by_side(plans, indexes):
            if reading.is_full:
                return
            _check_pair(plans, min(one, other), max(one, other), reading)


def _side_by_side(plans: list[Item], by_start: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of plans whose dates meet; far fewer than all pairs where plans follow each other."""
    for position, one in enumerate(by_start):
        end = plans[one]["to"] or _FOR_EVER
        for other in by_start[position + 1 :]:
            if (plans[other]["from"] or "") > end:
                break
            yield one, other


def _check_pair(plans: list[Item], earlier: int, later: int, reading: Reading) -> None:
    day = _common_day(plans[earlier], plans[later])
    if day:
        reading.report(
            f"plans[{later}]",
            f"It overlaps plans[{earlier}] of the same practitioner, first on {day}; change from, to or weeks.",
        )


def _common_day(one: Item, other: Item) -> date | None:
    """Return the first date on which both plans hold, or None."""
    if None in {one["weeks"], other["weeks"]}:
        return None
    start = max(date.fromisoformat(plan["from"] or "1900-01-01") for plan in (one, other))
    end = min(date.fromisoformat(plan["to"] or _FOR_EVER) for plan in (one, other))
    weeks = {one["weeks"], other["weeks"]} - {"all"}
    if len(weeks) == 2 or start > end:
        return None
    day = start
    while weeks and day.isocalendar().week % 2 != (weeks == {"odd"}):
        day += timedelta(days=1)
    return day if day <= end else None


def _check_days(document: Item, known: References, reading: Reading) -> None:
    seen: dict[tuple[Any, Any], int] = {}
    for index, day in enumerate(document["days"]):
        path = f"days[{index}]"
        known.practitioners.check(day["practitioner"], f"{path}.practitioner")
        _check_blocks(day["blocks"], document["grid"], known, f"{path}.blocks", reading)
        if day["date"] is None:
            continue
        first = seen.setdefault((day["practitioner"], day["date"]), index)
        if first != index:
            reading.report(
                f"{path}.date", f"{day['date']} has its one-off plan in days[{first}] already; join the two."
            )


def _check_absence_ids(absences: list[Item], reading: Reading) -> None:
    seen: set[str] = set()
    for index, absence in enumerate(absences):
        if absence["id"] in seen:
            reading.report(
                f"absences[{index}].id", f"{shown(absence['id'])} stands twice; remove the id of the new absence."
            )
        seen.update({absence["id"]} - {None})

"""From the normal form of the clinic document to the plan that the search works on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from shared.clinic.absences import absences_of
from shared.clinic.document import Document
from shared.clinic.opening import bookable_dates_of, opening_of
from shared.clinic.plan.holidays import PublicHolidays
from shared.clinic.plan.values import (
    AppointmentType,
    Block,
    BookingRules,
    ClinicPlan,
    DayPlan,
    HolidayRules,
    NamedDates,
    PlanPeriod,
    Practitioner,
)
from shared.clinic.practitioners import online_takers_of, takers_of, takers_without_need
from shared.clinic.switches import is_on
from shared.clinic.times.durations import parse_minutes
from shared.clinic.times.wall_clock import minutes_of
from shared.clinic.times.weeks import WEEKDAYS
from shared.clinic.uses import demands, uses_of
from shared.clinic.week_templates import kinds_open_to, online_kinds


def clinic_plan(document: Document, named_dates: NamedDates | None = None) -> ClinicPlan:
    """Return the plan of a checked document in normal form; callers keep it by clinic and revision.

    Public holidays are those of the document's country unless `named_dates` gives others.
    """
    booking = document["booking"]
    practitioners = {
        row["key"]: Practitioner(row["key"], row["online"], row["new_patients"]) for row in document["practitioners"]
    }
    online = online_kinds(document)
    public = PublicHolidays(document["country"], document["region"], next(iter(document["languages"]), None))
    holidays = _holidays(booking["holidays"], named_dates or public)
    return ClinicPlan(
        zone=ZoneInfo(document["time_zone"]),
        grid=parse_minutes(document["grid"]),
        booking=_booking(document),
        holidays=holidays if named_dates else replace(holidays, in_languages=public.names),
        practitioners=practitioners,
        types={row["key"]: _type(row, document, online) for row in document["types"]},
        online_kinds=online,
        periods=_periods(document),
        one_off={(row["practitioner"], _date(row["date"])): _day_plan(row["blocks"]) for row in document["days"]},
        absences=absences_of(document),
    )


def _booking(document: Document) -> BookingRules:
    booking = document["booking"]
    return BookingRules(
        new=is_on(document, "new"),
        rebook=is_on(document, "rebook"),
        new_patients=booking["new_patients"],
        opening=opening_of(document),
        dates=bookable_dates_of(document),
        days_after_today=booking["days_after_today"],
        notice=timedelta(minutes=parse_minutes(booking["notice"])),
        few=booking["few"],
    )


def _holidays(rules: Document, names: NamedDates) -> HolidayRules:
    return HolidayRules(
        closed=rules["closed"],
        shown=rules["shown"],
        open_dates=frozenset(map(_date, rules["open_dates"])),
        closed_dates=frozenset(map(_date, rules["closed_dates"])),
        names=names,
    )


def _type(row: Document, document: Document, online: frozenset[str]) -> AppointmentType:
    slots = row["slots"]
    uses = uses_of(row, document)
    return AppointmentType(
        key=row["key"],
        online=row["online"],
        practitioners=takers_of(row, document),
        online_practitioners=online_takers_of(row, document),
        length=parse_minutes(row["length"]),
        lengths={key: parse_minutes(length) for key, length in row["lengths"].items()},
        buffer_before=parse_minutes(row["buffer_before"]),
        buffer_after=parse_minutes(row["buffer_after"]),
        mode=slots["mode"],
        step=parse_minutes(slots["step"]),
        runs_over=slots["end"] == "start_before_end" if slots["end"] else slots["mode"] == "fixed",
        kinds=kinds_open_to(row, online),
        uses=uses,
        demands=demands(uses),
        days_after_today=row["days_after_today"],
        controlled=row["needs"]["controlled"],
        without_need=takers_without_need(row, document),
    )


def _periods(document: Document) -> dict[str | None, tuple[PlanPeriod, ...]]:
    weeks = {
        template["key"]: tuple(_day_plan(template["week"].get(day) or ()) for day in WEEKDAYS)
        for template in document["templates"]
    }
    found: defaultdict[str | None, tuple[PlanPeriod, ...]] = defaultdict(tuple)
    for row in document["plans"]:
        period = PlanPeriod(
            weeks[row["template"]], _optional_date(row["from"]), _optional_date(row["to"]), row["weeks"]
        )
        found[row["practitioner"]] += (period,)
    return dict(found)


def _day_plan(blocks: Iterable[Document]) -> DayPlan:
    read = (
        Block(
            row["kind"],
            minutes_of(row["from"]),
            minutes_of(row["to"]),
            parse_minutes(row["step"]) if row["step"] else None,
        )
        for row in blocks
    )
    return DayPlan(tuple(sorted(read, key=lambda block: block.start)))


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _optional_date(text: str | None) -> date | None:
    return _date(text) if text else None

"""From the normal form of the clinic document to the plan that the search works on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.clinic.document import Document
from shared.clinic.durations import parse_duration, parse_minutes
from shared.clinic.occupancy import Interval, practitioner_key, resource_key
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
from shared.clinic.uses import demands, uses_of
from shared.clinic.wall_clock import end_moment, midnight, start_moment

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)


def clinic_plan(document: Document, named_dates: NamedDates | None = None) -> ClinicPlan:
    """Return the plan of a checked document in normal form; callers keep it by clinic and revision.

    Public holidays are those of the document's country unless `named_dates` gives others.
    """
    zone = ZoneInfo(document["time_zone"])
    booking = document["booking"]
    practitioners = {
        row["key"]: Practitioner(row["key"], row["online"], row["new_patients"]) for row in document["practitioners"]
    }
    online_kinds = frozenset(kind["key"] for kind in document["block_kinds"] if kind["online"])
    names = named_dates or PublicHolidays(
        document["country"], document["region"], next(iter(document["languages"]), None)
    )
    return ClinicPlan(
        zone=zone,
        grid=parse_minutes(document["grid"]),
        booking=_booking(booking, zone),
        holidays=_holidays(booking["holidays"], names),
        practitioners=practitioners,
        types={row["key"]: _type(row, document, practitioners, online_kinds) for row in document["types"]},
        online_kinds=online_kinds,
        periods=_periods(document),
        one_off={(row["practitioner"], _date(row["date"])): _day_plan(row["blocks"]) for row in document["days"]},
        absences=_absences(document["absences"], practitioners, zone),
    )


def _booking(booking: Document, zone: ZoneInfo) -> BookingRules:
    opens_at, closes_at = booking["opens_at"], booking["closes_at"]
    return BookingRules(
        active=booking["active"],
        new=booking["new"],
        rebook=booking["rebook"],
        first_date=_optional_date(booking["first_date"]),
        last_date=_optional_date(booking["last_date"]),
        opens_at=start_moment(datetime.fromisoformat(opens_at), zone) if opens_at else None,
        closes_at=end_moment(datetime.fromisoformat(closes_at), zone) if closes_at else None,
        horizon_days=parse_duration(booking["horizon"]).days if booking["horizon"] else None,
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


def _type(
    row: Document, document: Document, practitioners: Mapping[str, Practitioner], online_kinds: frozenset[str]
) -> AppointmentType:
    slots = row["slots"]
    uses = uses_of(row, document)
    return AppointmentType(
        key=row["key"],
        online=row["online"],
        practitioners=tuple(
            key
            for key, practitioner in practitioners.items()
            if (key in row["practitioners"] if row["practitioners"] else practitioner.online)
        ),
        length=parse_minutes(row["length"]),
        lengths={key: parse_minutes(length) for key, length in row["lengths"].items()},
        buffer_before=parse_minutes(row["buffer_before"]),
        buffer_after=parse_minutes(row["buffer_after"]),
        mode=slots["mode"],
        step=parse_minutes(slots["step"]),
        runs_over=slots["end"] == "start_before_end" if slots["end"] else slots["mode"] == "fixed",
        kinds=online_kinds.intersection(row["blocks"]) if row["blocks"] else online_kinds,
        uses=uses,
        demands=demands(uses),
        days_after_today=row["days_after_today"],
        controlled=row["needs"]["controlled"],
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
            _minute(row["from"]),
            _minute(row["to"]),
            parse_minutes(row["step"]) if row["step"] else None,
        )
        for row in blocks
    )
    return DayPlan(tuple(sorted(read, key=lambda block: block.start)))


def _absences(
    rows: Iterable[Document], practitioners: Iterable[str], zone: ZoneInfo
) -> dict[str, tuple[Interval, ...]]:
    found: defaultdict[str, tuple[Interval, ...]] = defaultdict(tuple)
    for row in rows:
        start, end = _absence_start(row["from"], zone), _absence_end(row["to"], zone)
        for name in _absent(row, practitioners) if start < end else ():  # none on a date that the zone skips
            found[name] += ((start, end),)
    return dict(found)


def _absent(row: Document, practitioners: Iterable[str]) -> list[str]:
    if row["resource"]:
        return [resource_key(row["resource"])]
    return [practitioner_key(key) for key in ([row["practitioner"]] if row["practitioner"] else practitioners)]


def _absence_start(text: str, zone: ZoneInfo) -> datetime:
    return start_moment(datetime.fromisoformat(text), zone) if "T" in text else midnight(_date(text), zone)


def _absence_end(text: str, zone: ZoneInfo) -> datetime:
    """Return the end of an absence: a date is included, its whole day."""
    return end_moment(datetime.fromisoformat(text), zone) if "T" in text else midnight(_date(text) + _DAY, zone)


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _optional_date(text: str | None) -> date | None:
    return _date(text) if text else None

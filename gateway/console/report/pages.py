"""The report on online booking: figures beside those before, plots with their tables, what was wanted in vain (A2)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from werkzeug.wrappers import Response

from gateway.clients.reporting.table import as_file, refused
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.report import plots, wishes
from gateway.console.report.asked import BY, Asked, asked_for, near, problem
from gateway.http.wording import N_
from shared.clinic.times.weeks import week_of
from shared.texts.language import (
    first_weekday,
    format_month,
    format_number,
    format_percent,
    format_short_date,
    is_right_to_left,
)

_HOURS_OF_DAY, _STILL_HOURS = 24, 48
_TIME = ("day", "week", "month")
_HOURS = N_("{number} hours")
_DAYS = N_("{number} days")
_WEEK = N_("Week {number}, from {day}")
_NOT_CHOSEN = N_("First available")
_NONE = "–"
HEADINGS: Mapping[str, str] = {
    "visits": N_("Visits"),
    "bookings": N_("Bookings"),
    "web_share": N_("Booked online"),
    "lead_time_hours": N_("Booked ahead"),
    "moves": N_("Moved"),
    "cancellations": N_("Cancelled"),
    "missed": N_("Missed"),
    "refused": N_("Went without a booking"),
    "total": N_("Total"),
    **BY,
}
_FIGURES = ("visits", "bookings", "web_share", "lead_time_hours", "moves", "cancellations", "missed", "refused")


class Figure(NamedTuple):
    """A number of the period, as it is written, and that of the time before."""

    heading: str
    now: str
    before: str


class Line(NamedTuple):
    """A row of the table: what it is about, and its numbers as they are written."""

    key: str
    numbers: list[str]
    bar: float


def report(here: Here) -> Response:
    """Show the report that the address asks for."""
    return _shown(here, asked_for(here))


def choose(here: Here) -> Response:
    """Go to the report that was chosen; show again what cannot be."""
    dates: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for name in ("from", "to"):
        try:
            dates[name] = here.form.date(name, here.language)
        except ValueError as wrong:
            errors[name] = str(wrong)
    by = here.form["by"] if here.form["by"] in BY else "day"
    if not errors:
        first, last = dates["from"], dates["to"]
        wrong_period = problem(first, last)
        if first and last and not wrong_period:
            return here.go("/report", **Asked(first, last, by).query)
        errors["to"] = wrong_period or ""
    return _shown(here, asked_for(here), errors)


def file(here: Here) -> Response:
    """Hand the report out as a table that spreadsheets open."""
    asked = asked_for(here)
    told = _told(here, asked)

    def headed(name: str) -> str:
        return here.say(HEADINGS.get(name) or wishes.REASONS.get(name, name))

    return as_file(told, f"{here.clinic}-{asked.first}-{asked.last}", _named(here, asked.by), headed)


def _told(here: Here, asked: Asked) -> dict[str, Any]:
    told: dict[str, Any] = here.services.booking.report(here.clinic, **asked.query, language=here.language)
    return told


def _shown(here: Here, asked: Asked, errors: Mapping[str, str] | None = None) -> Response:
    told = _told(here, asked)
    total, before = told["total"], told["before"]
    is_rtl, is_of_time = is_right_to_left(here.language), asked.by in _TIME
    rows, named = told["rows"], _named(here, asked.by)
    ends = [_of_time(here, asked.by, row) if is_of_time else named(row["key"]) for row in rows]
    edges = (ends[0], ends[-1]) if ends else ("", "")
    weekdays, hours = wishes.by_weekday(here, told["wanted"]), wishes.by_hour(told["wanted"])
    most = max((row["bookings"] for row in rows), default=0)
    return here.show(
        "console/report/report.html",
        section="report",
        status=422 if errors else 200,
        errors=errors,
        asked=asked,
        by=BY,
        near=near(here, asked.by),
        before=(date.fromisoformat(before["from"]), date.fromisoformat(before["to"])),
        figures=[_figure(here, name, total, before) for name in _FIGURES],
        is_of_time=is_of_time,
        bookings=plots.plot([_by_way(row) for row in rows], *edges, right_to_left=is_rtl) if is_of_time else None,
        visits=plots.plot([(row["visits"],) for row in rows], *edges, right_to_left=is_rtl) if is_of_time else None,
        headings=[HEADINGS[name] for name in _FIGURES],
        heading=BY[asked.by],
        lines=[
            Line(end, [_written(here, name, row) for name in _FIGURES], plots.share_of(row["bookings"], most))
            for end, row in zip(ends, rows, strict=True)
        ],
        total=[_written(here, name, total) for name in _FIGURES],
        reasons=wishes.reasons(total["refusals"], before["refusals"]),
        sentences=list(wishes.sentences(here, total["refusals"], told["wanted"])),
        weekdays=weekdays,
        weekday_plot=plots.plot(
            [(count,) for _, count in weekdays],
            *([weekdays[at][0] for at in (0, -1)] if weekdays else ()),
            right_to_left=is_rtl,
        ),
        hours=[(_digits(here, f"{hour:02}:00"), count) for hour, count in hours],
        hour_plot=plots.plot(
            [(count,) for _, count in hours],
            *([_digits(here, f"{hours[at][0]:02}:00") for at in (0, -1)] if hours else ()),
            right_to_left=is_rtl,
        ),
        plot_size=(plots.WIDTH, plots.HEIGHT),
    )


def _by_way(row: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many of a row's bookings were made online, and how many otherwise."""
    online = round(row["bookings"] * (row["web_share"] or 0))
    return online, row["bookings"] - online


def _figure(here: Here, name: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> Figure:
    return Figure(HEADINGS[name], _written(here, name, now), _written(here, name, before))


def _written(here: Here, name: str, row: Mapping[str, Any]) -> str:
    """Return one number of a row as the reader writes it."""
    value = refused(row) if name == "refused" else row[name]
    if value is None:
        return _NONE
    if name == "web_share":
        return format_percent(value, here.language)
    if name == "lead_time_hours":
        is_short = value < _STILL_HOURS
        number = round(value) if is_short else round(value / _HOURS_OF_DAY)
        return here.say(_HOURS if is_short else _DAYS, number=_digits(here, number))
    return _digits(here, value)


def _of_time(here: Here, by: str, row: Mapping[str, Any]) -> str:
    """Return what a day, week or month is called."""
    first, last = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
    if by == "month":
        return format_month(first, here.language)
    if by == "day":
        return format_short_date(first, here.language)
    if first_weekday(here.language):
        return f"{format_short_date(first, here.language)} – {format_short_date(last, here.language)}"
    number = int(week_of(first).partition("W")[2])
    return here.say(_WEEK, number=number, day=format_short_date(first, here.language))


def _named(here: Here, by: str) -> Callable[[str], str]:
    """Return what tells the name of a row by its key."""
    if by in _TIME:
        return str
    name = here.names.type if by == "type" else here.names.practitioner
    return lambda key: name(key) if key else here.say(_NOT_CHOSEN)


def _digits(here: Here, value: object) -> str:
    return format_number(str(value), here.language)


ROUTES = (
    Page("GET", "/report", report, administrators=True),
    Page("POST", "/report", choose, administrators=True),
    Page("GET", "/report.csv", file, administrators=True),
)

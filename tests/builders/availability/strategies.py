"""Random clinics and moments: every mode, filter, buffer, pool and absence, on dates where clocks change."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.builders.availability.oracle import Moved, Taken
from tests.builders.clinics.documents import (
    WEEKDAYS,
    a_block,
    a_booking_section,
    a_document,
    a_plan,
    a_practitioner,
    a_resource,
    a_type,
    an_absence,
)

DAY = timedelta(days=1)
DATES = [
    ("Europe/Stockholm", date(2026, 3, 29)),  # 02:00 becomes 03:00
    ("Europe/Stockholm", date(2026, 10, 25)),  # 03:00 becomes 02:00
    ("Europe/Stockholm", date(2026, 12, 31)),  # from an odd ISO week to an odd one
    ("Asia/Tehran", date(2026, 6, 2)),  # half an hour off, no summer time
    ("Asia/Tehran", date(2022, 3, 22)),  # midnight is missing
    ("Asia/Tehran", date(2022, 9, 21)),  # the last hour comes twice
    ("America/St_Johns", date(2026, 11, 1)),
    ("America/Havana", date(2026, 11, 1)),  # the first hour comes twice
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that never was
    ("UTC", date(2026, 6, 2)),
]
PRACTITIONERS = ("anna", "bo", "cleo")
RESOURCES = ("room-1", "room-2", "laser")
KINDS = ("exam", "acute", "lunch")
HOLIDAY = "A Holiday"


class Question(NamedTuple):
    """What one example asks: a clinic, the time taken in it, the dates, the moment."""

    document: dict[str, Any]
    holidays: dict[date, str]
    taken: list[Taken]
    first: date
    last: date
    now: datetime


QUARTERS = st.integers(0, 96)
ONE_IN = {among: st.integers(1, among) for among in range(2, 31)}


def _mostly(draw: st.DrawFn, value: Any, others: st.SearchStrategy[Any], among: int = 3) -> Any:
    """Return `value`, but once in so many times one of the others."""
    return draw(others) if draw(ONE_IN[among]) == among else value


def minutes_text(minutes: int) -> str:
    """Return a length as documents write it."""
    return f"{minutes // 60}h{minutes % 60}m" if minutes >= 60 and minutes % 60 else f"{minutes}m"


@cache
def lengths(grid: int, values: tuple[int, ...]) -> st.SearchStrategy[str]:
    """Return lengths of so many minutes, made multiples of the grid."""
    return st.sampled_from(values).map(lambda minutes: minutes_text(-(-minutes // grid) * grid))


@st.composite
def blocks(draw: st.DrawFn, grid: int) -> list[dict[str, Any]]:
    """Return the blocks of a day, some touching, some with a step of their own."""
    cuts = sorted({*draw(st.sets(QUARTERS, min_size=4, max_size=7)), _mostly(draw, 96, QUARTERS)})
    found = []
    for start, end in pairwise(cuts):
        kind = draw(st.sampled_from(("exam", "exam", "exam", "acute", "lunch", None)))
        if kind:
            step = _mostly(draw, None, lengths(grid, (10, 20, 40)), 4)
            found.append(a_block(_clock(start * 15), _clock(end * 15), kind, step))
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def types(draw: st.DrawFn, grid: int) -> dict[str, Any]:
    """Return a type of any mode with buffers, resources, filters."""
    mode = draw(st.sampled_from(("fixed", "flexible", "spaced")))
    step = draw(lengths(grid, (5, 15, 25, 30) if mode != "spaced" else (0, 0, 5, 15, 30, 50)))
    entry = st.sampled_from(("room", ["laser"], ["room-2", "room-1"], ["laser", "room-1"]))
    return a_type(
        slots={"mode": mode, "step": step, "end": _mostly(draw, None, st.sampled_from(("fit", "start_before_end")))},
        length=draw(lengths(grid, (20, 5, 30, 45, 75, 180))),
        lengths=_mostly(draw, {}, st.fixed_dictionaries({"anna": lengths(grid, (15, 60))})),
        practitioners=_mostly(draw, [], st.lists(st.sampled_from(PRACTITIONERS), min_size=1, unique=True)),
        online=_mostly(draw, True, st.just(False), 20),
        uses=_mostly(draw, [], st.lists(entry, min_size=1, max_size=2), 2),
        buffer_before=_mostly(draw, "0m", lengths(grid, (5, 30)), 2),
        buffer_after=_mostly(draw, "0m", lengths(grid, (10, 90)), 2),
        blocks=_mostly(draw, [], st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True)),
        days_after_today=_mostly(draw, None, st.integers(0, 1), 8),
    )


@st.composite
def booking_rules(draw: st.DrawFn, around: date) -> dict[str, Any]:
    """Return the booking rules, mostly open."""
    some_date = st.integers(-2, 2).map(lambda days: str(around + days * DAY))
    moment = st.builds(lambda day, clock: f"{day}T{clock}", some_date, st.sampled_from(("00:00", "02:30", "12:00")))
    dates = st.lists(some_date, max_size=1)
    holidays = st.fixed_dictionaries(
        {"closed": st.booleans(), "shown": st.booleans(), "open_dates": dates, "closed_dates": dates}
    )
    return a_booking_section(
        active=_mostly(draw, True, st.just(False), 30),
        new=_mostly(draw, True, st.just(False), 30),
        rebook=_mostly(draw, True, st.just(False), 30),
        first_date=_mostly(draw, None, some_date, 12),
        last_date=_mostly(draw, None, some_date, 12),
        opens_at=_mostly(draw, None, moment, 12),
        closes_at=_mostly(draw, None, moment, 12),
        horizon=_mostly(draw, None, st.sampled_from(("0d", "1d", "3d")), 6),
        days_after_today=_mostly(draw, None, st.integers(0, 2), 6),
        notice=_mostly(draw, "0m", st.sampled_from(("50m", "3h", "26h")), 4),
        few=draw(st.sampled_from((0, 3, 20))),
        holidays=draw(holidays),
    )


@st.composite
def absences(draw: st.DrawFn, around: date) -> list[dict[str, Any]]:
    """Return absences of practitioners, resources and the clinic, by dates and by moments, also off the grid."""
    whole = st.tuples(st.integers(-2, 2), st.integers(0, 1)).map(
        lambda days: (str(around + days[0] * DAY), str(around + (days[0] + days[1]) * DAY))
    )
    begin = datetime(around.year, around.month, around.day)  # noqa: DTZ001 - a wall clock's
    part = st.tuples(st.integers(-300, 2000), st.integers(1, 400)).map(
        lambda minutes: tuple((begin + timedelta(minutes=m)).isoformat()[:16] for m in (minutes[0], sum(minutes)))
    )
    whose = st.sampled_from(
        [{"practitioner": key} for key in PRACTITIONERS[:2]] + [{"resource": key} for key in RESOURCES[:2]] + [{}]
    )
    rows = draw(st.lists(st.tuples(whose, st.one_of(part, part, whole)), max_size=3))
    return [an_absence(start, end, **of) for of, (start, end) in rows]


@st.composite
def documents(draw: st.DrawFn, zone: str, around: date) -> dict[str, Any]:
    """Return a checked document in normal form."""
    grid = draw(st.sampled_from((5, 15, 15)))
    day_plans = [draw(blocks(grid)) for _ in range(3)]
    template = st.lists(st.sampled_from(day_plans), min_size=7, max_size=7)
    templates = [{"key": key, "week": dict(zip(WEEKDAYS, draw(template), strict=True))} for key in ("normal", "other")]
    owner = st.sampled_from((None, "anna", "bo"))
    plans = [a_plan(None), *_mostly(draw, [], own_plans(around))]
    day = st.tuples(st.integers(-1, 1), owner, blocks(grid))
    one_off = draw(st.lists(day, max_size=2, unique_by=lambda row: row[:2]))
    return a_document(
        time_zone=zone,
        grid=f"{grid}m",
        booking=draw(booking_rules(around)),
        practitioners=[a_practitioner(key, online=_mostly(draw, True, st.just(False), 6)) for key in PRACTITIONERS],
        resources=[a_resource(key, "room" if key != "laser" else None) for key in RESOURCES],
        types=[draw(types(grid))],
        templates=templates,
        plans=plans,
        days=[{"practitioner": key, "date": str(around + days * DAY), "blocks": found} for days, key, found in one_off],
        absences=draw(absences(around)),
    )


@st.composite
def own_plans(draw: st.DrawFn, around: date) -> list[dict[str, Any]]:
    """Return plans of Anna's own: one from and to some date, or one for odd and one for even weeks."""
    if draw(st.booleans()):
        return [a_plan("anna", "other", weeks="odd"), a_plan("anna", "normal", weeks="even")]
    limit = st.integers(-1, 1).map(lambda days: str(around + days * DAY))
    return [a_plan("anna", "other", first=_mostly(draw, None, limit, 2), last=_mostly(draw, None, limit, 2))]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Return a clinic with a question about some dates around one on which something is odd."""
    zone, around = draw(st.sampled_from(DATES))
    first = around - draw(st.integers(0, 1)) * DAY
    last = first + draw(st.integers(0, 2)) * DAY
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    names = [f"practitioner:{key}" for key in PRACTITIONERS] + [f"resource:{key}" for key in RESOURCES]
    taken = st.builds(
        lambda name, start, minutes: Taken(
            name, midnight + timedelta(minutes=start), midnight + timedelta(minutes=start + minutes)
        ),
        st.sampled_from(names),
        st.integers(-288, 3 * 288).map(lambda cells: cells * 5),
        st.sampled_from((5, 20, 60, 300)),
    )
    return Question(
        document=draw(documents(zone, around)),
        holidays=_mostly(draw, {}, st.just({around: HOLIDAY})),
        taken=draw(st.lists(taken, max_size=8)),
        first=first,
        last=last,
        now=midnight + timedelta(minutes=_mostly(draw, -3000, st.integers(-5000, 3000))),
    )


@st.composite
def moves(draw: st.DrawFn, question: Question) -> Moved:
    """Return a booking of one of the clinic's practitioners that is to be moved."""
    grid = int(question.document["grid"].removesuffix("m"))
    day = question.first + draw(st.integers(-1, 2)) * DAY
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=15 * draw(st.integers(0, 95)))
    minutes = -(-draw(st.sampled_from((15, 30, 60))) // grid) * grid
    return Moved(draw(st.sampled_from(PRACTITIONERS)), minutes, start, day)

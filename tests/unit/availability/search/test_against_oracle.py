"""The slot search and the legality check against a slow and plain twin, on random clinics (PRODUCT S1 to S16)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.availability.model.occupancy import Busy
from services.availability.search.offered import DayLevel, Slot, day_levels, offered
from shared.clinic.plan.reading import clinic_plan
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.starts.asked import AskedDates, AskedStart, Moving
from shared.clinic.starts.legality import check
from shared.contracts.errors import SlotNotOffered
from tests.builders.availability.oracle import Moved, Oracle
from tests.builders.availability.strategies import PRACTITIONERS, Question, moves, questions

asked_practitioner = st.sampled_from((None, None, *PRACTITIONERS))

Found = list[tuple[datetime, datetime, tuple[str, ...]]]


def oracle_of(question: Question, moved: Moved | None = None) -> Oracle:
    return Oracle(question.document, "visit", question.now, question.holidays, moved)


def plan_of(question: Question) -> ClinicPlan:
    return clinic_plan(question.document, question.holidays)


def busy_of(question: Question) -> list[Busy]:
    return [Busy(*row) for row in question.taken]


def moving_of(moved: Moved) -> Moving:
    return Moving(moved.practitioner, moved.minutes, moved.start, "REFERENCE0", moved.present_on)


def asked_of(question: Question, practitioner: str | None = None, moved: Moved | None = None) -> AskedDates:
    moving = moving_of(moved) if moved else None
    return AskedDates(type="visit", practitioner=practitioner, moving=moving, first=question.first, last=question.last)


def in_utc(slots: list[Slot]) -> Found:
    return [(slot.start.astimezone(UTC), slot.end.astimezone(UTC), slot.practitioners) for slot in slots]


@given(question=questions(), practitioner=asked_practitioner)
def test_the_times_offered_and_counted_are_those_of_the_plain_search(
    question: Question, practitioner: str | None
) -> None:
    plan, busy, asked = plan_of(question), busy_of(question), asked_of(question, practitioner)
    expected = oracle_of(question).offered(practitioner, question.first, question.last, question.taken)
    assert in_utc(offered(plan, asked, busy, question.now)) == expected
    assert_days_count(question, expected, day_levels(plan, asked, busy, question.now))


def assert_days_count(question: Question, expected: Found, levels: list[DayLevel]) -> None:
    """Assert that every date asked for has the level and number of its slots, or none has while booking is off."""
    booking = question.document["booking"]
    if not (booking["active"] and booking["new"]):
        assert levels == []
        return
    zone = ZoneInfo(question.document["time_zone"])
    free = Counter(start.astimezone(zone).date() for start, _, _ in expected)
    dates = [question.first + timedelta(days=index) for index in range((question.last - question.first).days + 1)]
    found = [(day.date, day.free, (day.level, day.holiday)) for day in levels]
    assert found == [(day, free[day], oracle_of(question).level(day, free[day])) for day in dates]


@given(data=st.data(), question=questions())
def test_a_move_is_offered_the_times_of_the_plain_search(data: st.DataObject, question: Question) -> None:
    moved = data.draw(moves(question))
    expected = oracle_of(question, moved).offered(None, question.first, question.last, question.taken)
    slots = offered(plan_of(question), asked_of(question, moved=moved), busy_of(question), question.now)
    assert in_utc(slots) == expected


@given(data=st.data(), question=questions(), practitioner=asked_practitioner)
def test_exactly_the_legal_starts_pass_the_check(
    data: st.DataObject, question: Question, practitioner: str | None
) -> None:
    moved = data.draw(st.one_of(st.none(), moves(question)))
    oracle, plan = oracle_of(question, moved), plan_of(question)
    free = [start for start, _, _ in oracle.offered(practitioner, question.first, question.last, [])]
    midnight = datetime(question.first.year, question.first.month, question.first.day, tzinfo=UTC)
    others = data.draw(st.lists(st.integers(-144, 720), max_size=5))
    for start in free[:20] + [midnight + timedelta(minutes=5 * cell) for cell in others]:
        asked = AskedStart(type="visit", practitioner=practitioner, start=start, moving=moved and moving_of(moved))
        found = takers(plan, asked, question.now)
        assert found == oracle.legal(practitioner, start)


def takers(plan: ClinicPlan, asked: AskedStart, now: datetime) -> list[str]:
    try:
        return [row.practitioner for row in check(plan, asked, now)]
    except SlotNotOffered:
        return []

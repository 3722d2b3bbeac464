"""The slot search and the legality check against a slow and plain twin, on random clinics (PRODUCT S1 to S16).

`HYPOTHESIS_PROFILE=deep` tries ten times as many.
"""

import os
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.availability.legality import check
from services.availability.search import Busy, Moving, clinic_plan, day_levels, offered
from shared.contracts.errors import SlotNotOffered
from tests.unit.availability.oracle import Moved, Oracle
from tests.unit.availability.strategies import PRACTITIONERS, Question, moves, questions

EXAMPLES = 2000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 200
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

asked_practitioner = st.sampled_from((None, None, *PRACTITIONERS))


def oracle_of(question: Question, moved: Moved | None = None) -> Oracle:
    return Oracle(question.document, "visit", question.now, question.holidays, moved)


def search(question, practitioner, moving=None):
    plan = clinic_plan(question.document, question.holidays)
    busy = [Busy(*row) for row in question.taken]
    slots = offered(plan, "visit", practitioner, question.first, question.last, busy, question.now, moving)
    return [(slot.start.astimezone(UTC), slot.end.astimezone(UTC), slot.practitioners) for slot in slots]


@many
@given(question=questions(), practitioner=asked_practitioner)
def test_the_offered_times_are_those_of_the_plain_search(question: Question, practitioner: str | None) -> None:
    expected = oracle_of(question).offered(practitioner, question.first, question.last, question.taken)
    assert search(question, practitioner) == expected


@many
@given(data=st.data(), question=questions())
def test_a_move_is_offered_the_times_of_the_plain_search(data: st.DataObject, question: Question) -> None:
    moved = data.draw(moves(question))
    moving = Moving(moved.practitioner, moved.minutes, moved.start, "REFERENCE0", moved.present_on)
    expected = oracle_of(question, moved).offered(None, question.first, question.last, question.taken)
    assert search(question, None, moving) == expected


@many
@given(question=questions(), practitioner=asked_practitioner)
def test_days_count_what_the_plain_search_lists(question: Question, practitioner: str | None) -> None:
    oracle = oracle_of(question)
    plan = clinic_plan(question.document, question.holidays)
    busy = [Busy(*row) for row in question.taken]
    levels = day_levels(plan, "visit", practitioner, question.first, question.last, busy, question.now)
    booking = question.document["booking"]
    if not (booking["active"] and booking["new"]):
        assert levels == []
        return
    for day in levels:
        free = len(oracle.offered(practitioner, day.date, day.date, question.taken))
        assert (day.free, (day.level, day.holiday)) == (free, oracle.level(day.date, free))


@many
@given(data=st.data(), question=questions(), practitioner=asked_practitioner)
def test_exactly_the_legal_starts_pass_the_check(
    data: st.DataObject, question: Question, practitioner: str | None
) -> None:
    moved = data.draw(st.one_of(st.none(), moves(question)))
    moving = moved and Moving(moved.practitioner, moved.minutes, moved.start, "REFERENCE0", moved.present_on)
    oracle = oracle_of(question, moved)
    free = oracle.offered(practitioner, question.first, question.last, [])
    midnight = datetime(question.first.year, question.first.month, question.first.day, tzinfo=UTC)
    others = data.draw(st.lists(st.integers(-144, 720), max_size=5))
    plan = clinic_plan(question.document, question.holidays)
    for start in [start for start, _, _ in free][:20] + [midnight + timedelta(minutes=5 * cell) for cell in others]:
        try:
            found = [row.practitioner for row in check(plan, "visit", practitioner, start, question.now, moving=moving)]
        except SlotNotOffered:
            found = []
        assert found == oracle.legal(practitioner, start)

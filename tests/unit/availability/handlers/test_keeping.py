"""Which searches are kept for the gateway."""

from datetime import timedelta
from typing import Any

import pytest

from services.availability import schemas
from services.availability.handlers import keeping
from shared.actor import PUBLIC
from shared.contracts.errors import Invalid, Refusal
from shared.storage.slot_cache import Question
from tests.builders.availability.desk import MOVING, Desk
from tests.builders.availability.fakes import TOOL, FakeSearched
from tests.builders.clinics.documents import a_block, a_document, a_type

TWO_DAYS = {"type": "visit", "from": "2026-12-01", "to": "2026-12-02"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def cache(desk: Desk) -> FakeSearched:
    return desk.searched


def ask(desk: Desk, kind: str = "slots", actor: Any = PUBLIC, **query: Any) -> Any:
    read, search = {
        "slots": (schemas.asked_slots, keeping.slots),
        "days": (schemas.asked_days, keeping.days),
    }[kind]
    return search(desk.at(actor), "solna", read(TWO_DAYS | query))


def test_each_date_of_a_search_is_kept_as_it_was_answered(desk: Desk, cache: FakeSearched) -> None:
    answer = ask(desk)
    [(question, revision, entries, seconds)] = cache.kept
    assert question == Question("slots", "solna", "visit", None)
    assert revision == 7
    assert list(entries) == ["2026-12-01", "2026-12-02"]
    assert entries["2026-12-01"].startswith(b'{"start":"2026-12-01T10:00:00+01:00","end":"2026-12-01T10:30:00+01:00"')
    assert sum(entry.count(b'"start"') for entry in entries.values()) == len(answer["slots"])
    assert all(0 < life <= timedelta(days=1).total_seconds() for life in seconds.values())


@pytest.mark.parametrize(("who", "as_new"), [("new", True), ("known", False)])
def test_s13_what_new_patients_are_shown_is_kept_apart(desk: Desk, cache: FakeSearched, who: str, as_new: bool) -> None:
    """Who is known is shown what everybody is."""
    ask(desk, **{"for": who})
    assert cache.kept[0][0] == Question("slots", "solna", "visit", None, as_new)


def test_whether_a_patient_is_new_is_said_in_one_of_two_words(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        ask(desk, **{"for": "me"})
    assert list(refused.value.extra["errors"]) == ["for"]


def test_dates_without_times_are_kept_as_empty(desk: Desk, cache: FakeSearched) -> None:
    desk.work.store.rows["solna"] = desk.work.store.rows["solna"]._replace(document=a_document(booking={"new": False}))
    assert ask(desk, "days") == {"days": []}
    assert cache.kept[0][2] == {"2026-12-01": b"", "2026-12-02": b""}


def test_what_is_worked_out_for_one_asker_is_not_kept(desk: Desk, cache: FakeSearched) -> None:
    ask(desk, actor=TOOL)
    ask(desk, actor=TOOL, moving=MOVING)
    ask(desk, "days", actor=TOOL)
    assert (cache.kept, cache.reads) == ([], 0)


def test_b9_a_type_controlled_by_needs_is_never_kept() -> None:
    needs = {"controlled": True, "choose_practitioner": False, "days_after_week": None}
    desk = Desk(a_document(a_block("10:00", "11:00"), types=[a_type(needs=needs)]))
    with pytest.raises(Refusal):
        ask(desk)
    assert desk.searched.kept == []


def test_b9_what_is_shown_without_a_need_is_one_answer_for_all_who_have_none() -> None:
    needs = {"controlled": True, "choose_practitioner": False, "days_after_week": None, "without": ["anna"]}
    desk = Desk(a_document(a_block("10:00", "11:00"), types=[a_type(needs=needs)]))
    assert len(ask(desk)["slots"]) == 4
    assert [question for question, *_ in desk.searched.kept] == [Question("slots", "solna", "visit", None)]


def test_a_refused_question_is_not_kept(desk: Desk, cache: FakeSearched) -> None:
    with pytest.raises(Invalid):
        ask(desk, type="unknown")
    assert cache.kept == []


def test_without_redis_a_search_is_answered_all_the_same(desk: Desk, cache: FakeSearched) -> None:
    cache.away = True
    assert len(ask(desk)["slots"]) == 4
    assert cache.kept == []

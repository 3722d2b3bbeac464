"""Kept searches while time is taken by several processes: on a real database and Redis (PRODUCT B11; ADR 7)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.availability import schemas
from services.availability.handlers import keeping, searching, taking
from services.availability.model.current import CurrentClinics
from shared.actor import PUBLIC
from shared.bus.events.effects import take_in
from shared.clinic_documents import Revisions
from shared.storage.redis_store import connect
from shared.storage.slot_cache import Question, SlotCache, entries_by_day
from tests.builders.availability.fakes import a_desk
from tests.builders.availability.heard import HALF_HOUR, NINE, NOW, a_clinic, an_event
from tests.integration.availability.conftest import Work
from tests.integration.statements import statements

MONDAY = "2026-12-07"
QUERY = {"type": "exam", "from": MONDAY, "to": MONDAY}
QUESTION = Question("slots", "solna", "exam", None)


@pytest.fixture
def cache(redis_url: str) -> Iterator[SlotCache]:
    """Return an empty cache, in which the clinic's revision is announced."""
    client = connect(redis_url, decoded=False)
    client.flushdb()
    Revisions(client).announce("solna", 1)
    yield SlotCache(client)
    client.close()


@pytest.fixture
def clinic(work: Work) -> Work:
    a_clinic(work)
    return work


def search(work: Work, cache: SlotCache) -> None:
    """Search the Monday as the public does; it is kept."""
    keeping.slots(a_desk(work, PUBLIC, NOW, searched=cache), "solna", schemas.asked_slots(QUERY))


def take(work: Work, cache: SlotCache, number: int) -> None:
    """Let a process hear of a booking of its own."""
    event = an_event("BookingCreated", f"REF{number}", start=NINE + number * HALF_HOUR)
    take_in(work, taking.take_time(a_desk(work, now=NOW, searched=cache), [event]), None, NOW)


def shown(cache: SlotCache) -> bytes | None:
    """Return what the gateway answers without asking; None where it would ask."""
    kept = cache.look_up(QUESTION, (MONDAY,))
    assert kept is not None
    return kept.entries[0]


def truth(work: Work) -> bytes:
    """Return what a search finds just now."""
    found = searching.find_slots(a_desk(work, PUBLIC, NOW), "solna", schemas.asked_slots(QUERY))
    return entries_by_day(found.rows, [MONDAY])[MONDAY]


def test_s15_a_cold_day_costs_one_statement_where_the_plan_is_known_as_it_was_announced(
    clinic: Work, cache: SlotCache
) -> None:
    known = CurrentClinics()
    asked = schemas.asked_slots(QUERY)
    costs = []
    for _ in range(2):
        with statements(clinic.database) as sent:
            keeping.slots(a_desk(clinic, PUBLIC, NOW, searched=cache, documents=known), "solna", asked)
        costs.append(len(sent))
    assert costs[0] - costs[1] == 1, "the clinic's row"
    Revisions(cache._client).announce("solna", 2)
    with statements(clinic.database) as sent:
        keeping.slots(a_desk(clinic, PUBLIC, NOW, searched=cache, documents=known), "solna", asked)
    assert len(sent) == costs[0], "another revision is in force: the database is asked which"


@pytest.mark.both_databases
def test_b11_a_booking_puts_the_searched_day_anew(clinic: Work, cache: SlotCache) -> None:
    search(clinic, cache)
    before = shown(cache)
    take(clinic, cache, 0)
    assert before != shown(cache) == truth(clinic)


def test_b11_who_was_overtaken_by_another_process_revives_no_taken_time(
    clinic: Work, cache: SlotCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is held up between reading the database and putting its answers in force."""
    search(clinic, cache)
    renew = cache.renew

    def after_another(*given: Any) -> None:
        monkeypatch.undo()
        take(clinic, cache, 1)
        renew(*given)

    monkeypatch.setattr(cache, "renew", after_another)
    take(clinic, cache, 0)
    assert shown(cache) is None, "what the slower one worked out lacks the other's booking"
    search(clinic, cache)
    assert shown(cache) == truth(clinic)


def test_b11_a_search_on_its_way_revives_no_taken_time(clinic: Work, cache: SlotCache) -> None:
    search(clinic, cache)
    before = cache.before("solna", [MONDAY])
    assert before is not None
    stale = truth(clinic)
    take(clinic, cache, 0)
    cache.keep(QUESTION, 1, before, {MONDAY: stale}, lambda _: 20.0)
    assert shown(cache) in (None, truth(clinic))


@pytest.mark.both_databases
def test_b11_however_bookings_and_searches_meet_no_taken_time_is_shown_in_the_end(
    clinic: Work, cache: SlotCache
) -> None:
    """Four processes hear of bookings while as many search; each round ends with the truth, or with a search."""
    with ThreadPoolExecutor(8) as processes:
        for round_ in range(4):
            search(clinic, cache)
            taken = [processes.submit(take, clinic, cache, 4 * round_ + number) for number in range(4)]
            searched = [processes.submit(search, clinic, cache) for _ in range(4)]
            for each in [*taken, *searched]:
                each.result()
            assert shown(cache) in (None, truth(clinic))
            search(clinic, cache)
            take(clinic, cache, 20 + round_)
            assert shown(cache) == truth(clinic)

"""Searches that are warm are answered without asking; cold ones are asked for once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import eventlet
import orjson
import pytest

from gateway.clients import search as search_module
from gateway.clients.search import Search, asked_days
from shared.contracts.errors import Invalid, Unavailable
from shared.storage.slot_cache import Question, entries_by_day
from tests.builders.gateway.world import World, refusing

DAYS = ("2026-12-01", "2026-12-02", "2026-12-03")
SLOTS = [
    {"start": f"{day}T{hour}:00:00+01:00", "end": f"{day}T{hour}:30:00+01:00", "practitioners": ["anna"]}
    for day in DAYS
    for hour in ("09", "10")
]
ASKED = {"type": "exam", "from": DAYS[0], "to": DAYS[-1]}
ADDRESS = f"/v1/clinics/solna/slots?type=exam&from={DAYS[0]}&to={DAYS[-1]}"
QUESTION = Question("slots", "solna", "exam", None)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a gateway that knows solna's revision; availability answers with SLOTS and keeps nothing."""
    found = World(tmp_path)
    found.documents.get("solna")
    found.availability.answers["slots"] = {"slots": SLOTS}
    return found


def keep(world: World, *days: str) -> None:
    """Keep the slots of these dates, as availability does."""
    before = world.slot_cache.before("solna", days)
    assert before is not None
    world.slot_cache.keep(QUESTION, 1, before, entries_by_day(SLOTS, days), lambda _: 20.0)


def change(world: World, *days: str) -> None:
    """Let time of these dates be taken, and nothing be worked out anew."""
    world.slot_cache.renew("solna", 1, world.slot_cache.drop_unasked("solna", days), {})


def test_a_warm_search_asks_nobody_and_answers_the_very_bytes_of_a_cold_one(world: World) -> None:
    cold = world.get(ADDRESS)
    assert len(world.availability.calls) == 1
    keep(world, *DAYS)
    warm = world.get(ADDRESS)
    assert len(world.availability.calls) == 1
    assert (warm.data, warm.headers["ETag"]) == (cold.data, cold.headers["ETag"])
    assert warm.json == {"slots": SLOTS}


def test_only_the_dates_that_are_missing_are_asked_for(world: World) -> None:
    keep(world, *DAYS)
    change(world, DAYS[1])
    assert world.get(ADDRESS).json == {"slots": SLOTS}
    [call] = world.availability.calls
    assert call.fields == {"type": "exam", "from": DAYS[1], "to": DAYS[1]}


def test_an_answer_is_asked_about_anew_each_time_and_costs_nothing_where_it_is_the_same(world: World) -> None:
    """A taken time is shown by no cache on the way for longer than by the gateway itself."""
    keep(world, *DAYS)
    first = world.get(ADDRESS)
    assert first.headers["Cache-Control"] == "no-cache"
    again = world.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    change(world, *DAYS)
    world.availability.answers["slots"] = {"slots": SLOTS[1:]}
    changed = world.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json) == (200, {"slots": SLOTS[1:]})


@pytest.mark.parametrize(
    "asked",
    [
        {"type": "exam", "from": "2026-12-01"},
        {"type": "exam", "from": "2026-12-02", "to": "2026-12-01"},
        {"type": "exam", "from": "2026-12-01", "to": "2027-01-01"},
        {"type": "exam", "from": "20261201", "to": "20261201"},
        {"type": "exam", "from": "2026-W49-2", "to": "2026-W49-2"},
        {"from": "2026-12-01", "to": "2026-12-01"},
        {"type": "exam", "from": "2026-12-01", "to": "2026-12-01", "for": "me"},
    ],
)
def test_a_question_that_is_not_plainly_right_is_judged_by_availability(world: World, asked: dict[str, str]) -> None:
    keep(world, *DAYS)
    world.availability.answers["slots"] = refusing(Invalid, errors={"to": ["Wrong."]})
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    assert world.get(f"/v1/clinics/solna/slots?{query}").status_code == 422
    assert world.availability.calls[0].fields == asked


def test_a_practitioner_who_is_asked_for_is_a_question_of_its_own(world: World) -> None:
    keep(world, *DAYS)
    world.get(f"{ADDRESS}&practitioner=anna")
    assert world.availability.calls[0].fields == {**ASKED, "practitioner": "anna"}


def test_s13_who_is_new_has_a_question_of_their_own_that_is_answered_without_asking_too(world: World) -> None:
    keep(world, *DAYS)
    world.get(f"{ADDRESS}&for=new")
    assert world.availability.calls[0].fields == {**ASKED, "for": "new"}
    before = world.slot_cache.before("solna", DAYS)
    assert before is not None
    mine = QUESTION._replace(as_new_patient=True)
    world.slot_cache.keep(mine, 1, before, entries_by_day(SLOTS[1:], DAYS), lambda _: 20.0)
    assert world.get(f"{ADDRESS}&for=new").json == {"slots": SLOTS[1:]}
    assert len(world.availability.calls) == 1


def test_who_is_known_is_shown_what_everybody_is(world: World) -> None:
    keep(world, *DAYS)
    assert world.get(f"{ADDRESS}&for=known").json == {"slots": SLOTS}
    assert world.availability.calls == []


def test_availability_of_a_version_that_does_not_know_who_is_new_answers_what_everybody_is_shown(world: World) -> None:
    """During an upgrade it serves beside this gateway."""
    asked: list[dict[str, str]] = []

    def slots(_clinic: str, **query: str) -> Any:
        asked.append(query)
        if "for" in query:
            raise refusing(Invalid, errors={"for": ["Unknown field."]})
        return {"slots": SLOTS}

    world.availability.slots = slots  # type: ignore[attr-defined]
    assert world.get(f"{ADDRESS}&for=new").json == {"slots": SLOTS}
    assert asked == [{**ASKED, "for": "new"}, ASKED]


@pytest.mark.parametrize("key", ["e" * 41, "a:b", "ü", "x x"])
def test_odd_keys_never_reach_the_cache(world: World, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setattr(world.slot_cache, "look_up", lambda *_: pytest.fail("looked up"))
    for query in ({"type": key}, {"practitioner": key}):
        world.search.find(Slow(lambda: {"slots": []}), "slots", "solna", ASKED | query)
    world.search.find(Slow(lambda: {"slots": []}), "slots", key, ASKED)


def test_an_unknown_clinic_is_answered_by_availability(world: World) -> None:
    world.get(ADDRESS.replace("solna", "lund"))
    assert world.availability.calls[0].args == ("lund",)


class Slow:
    """Availability that takes its time and counts."""

    def __init__(self, answer: Callable[[], Any]) -> None:
        self._answer = answer
        self.searches = 0

    def slots(self, clinic: str, **query: str) -> Any:
        self.searches += 1
        eventlet.sleep(0.02)
        return self._answer()


def refuse() -> Any:
    raise refusing(Unavailable)


def crowd(search: Search, availability: Any, clients: int = 200) -> list[Any]:
    """Let many clients ask at once; return their answers or refusals."""

    def ask() -> Any:
        try:
            return search.find(availability, "slots", "solna", ASKED)
        except Unavailable as refusal:
            return refusal.code

    return [client.wait() for client in [eventlet.spawn(ask) for _ in range(clients)]]


def test_two_hundred_clients_have_a_cold_day_worked_out_once(world: World) -> None:
    availability = Slow(lambda: {"slots": SLOTS})
    answers = crowd(world.search, availability)
    assert availability.searches == 1
    assert {orjson.loads(answer)["slots"][0]["start"] for answer in answers} == {SLOTS[0]["start"]}


def test_a_refusal_is_everybodys_and_the_next_search_tries_again(world: World) -> None:
    availability = Slow(refuse)
    assert set(crowd(world.search, availability)) == {"unavailable"}
    assert availability.searches == 1
    assert crowd(world.search, availability, 1) == ["unavailable"]
    assert availability.searches == 2


def test_who_asks_after_a_change_does_not_get_the_answer_from_before_it(world: World) -> None:
    """CONTRACTS 2: when the PUT has answered, the next call of any kind acts by the new document."""
    availability = Slow(lambda: {"slots": SLOTS})
    early = eventlet.spawn(world.search.find, availability, "slots", "solna", ASKED)
    eventlet.sleep(0)
    change(world, *DAYS)
    late = eventlet.spawn(world.search.find, availability, "slots", "solna", ASKED)
    assert early.wait() == late.wait()
    assert availability.searches == 2


def test_a_process_that_claimed_a_search_and_died_is_not_waited_for_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "_PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(world.slot_cache, "claim", lambda _: False)
    availability = Slow(lambda: {"slots": SLOTS})
    assert len(crowd(world.search, availability, 3)) == 3
    assert availability.searches == 1


def test_dates_are_read_as_the_contract_writes_them() -> None:
    assert asked_days("2026-12-31", "2027-01-01", 31) == ("2026-12-31", "2027-01-01")
    assert len(asked_days("2026-12-01", "2026-12-31", 31)) == 31


def test_who_has_changed_a_day_waits_until_searches_know_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """B12: a time that was given back is among those that are offered next."""
    keep(world, *DAYS)
    change(world, DAYS[0])
    seen = world.search.seen("solna", DAYS[0])
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            change(world, DAYS[0])

    monkeypatch.setattr(eventlet, "sleep", sleep)
    world.search.wait_for_change("solna", DAYS[0], seen)
    assert len(slept) == 3
    world.search.wait_for_change("solna", DAYS[0], world.search.seen("solna", DAYS[0]))
    assert 3 < len(slept) < 100, "it waits for a moment only"
    before = len(slept)
    world.search.wait_for_change("solna", DAYS[0], None)
    assert len(slept) == before

"""The time that is kept for the patient while they fill in the form (PRODUCT B12)."""

from datetime import datetime, timedelta
from typing import Any

import eventlet
import pytest
from werkzeug.test import TestResponse

from shared.contracts import errors
from tests.builders.gateway.clinics import CHOSEN, DETAILS, START, buttons_of, fields_of, heading_of, open_clinic
from tests.builders.gateway.world import NOW, World, refusing


def held(left: timedelta) -> dict[str, str]:
    """Return the choices of a patient whose hold has so much time left."""
    return {**CHOSEN, "held_until": (NOW + left).isoformat()}


def review(world: World, left: timedelta) -> TestResponse:
    return world.post("/solna", data={**held(left), **DETAILS, "go": "review"}, headers={"Accept-Language": "en"})


def holds(world: World) -> list[dict[str, Any]]:
    return [call.fields for call in world.booking.calls if call.name == "hold"]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(600, "10\u00a0min left"), (541, "10\u00a0min left"), (1, "1\u00a0min left")]
)
def test_the_minutes_that_are_left_are_shown_without_a_script(world: World, seconds: int, shown: str) -> None:
    open_clinic(world)
    html = world.get("/solna", query_string=held(timedelta(seconds=seconds)), headers={"Accept-Language": "en"}).text
    assert shown in html
    assert shown in review(world, timedelta(seconds=seconds)).text


def test_a_hold_that_is_over_says_so(world: World) -> None:
    open_clinic(world)
    html = world.get("/solna", query_string=held(timedelta(0)), headers={"Accept-Language": "en"}).text
    assert "The time is no longer held for you." in html
    assert "left</span>" not in html


def test_a_lapsed_hold_is_taken_again_quietly_b12(world: World) -> None:
    open_clinic(world)
    answer = review(world, timedelta(seconds=-1))
    assert heading_of(answer.text) == "Check your answers"
    assert holds(world) == [{"type": "exam", "start": START, "practitioner": None}]
    kept = fields_of(answer.text.split("<main")[1])
    assert (kept["hold"], datetime.fromisoformat(kept["held_until"]) > NOW) == ("h2", True)
    assert "no longer held" not in answer.text.split("data-over")[0]


def test_a_hold_that_runs_is_left_as_it_is(world: World) -> None:
    open_clinic(world)
    review(world, timedelta(seconds=1))
    assert holds(world) == []


@pytest.mark.parametrize("refusal", [errors.SlotTaken, errors.SlotHeld, errors.SlotNotOffered])
def test_a_lapsed_hold_that_somebody_else_has_taken_offers_the_nearest_times_b11(
    world: World, refusal: type[errors.Refusal]
) -> None:
    open_clinic(world)
    nearest = [{"start": "2026-12-01T14:45:00+01:00", "end": "2026-12-01T15:30:00+01:00", "practitioners": ["anna"]}]
    world.booking.answers["hold"] = refusing(refusal, alternatives=nearest)
    answer = review(world, timedelta(minutes=-5))
    assert answer.status_code == 409
    assert buttons_of(answer.text, "choose") == ["2026-12-01T14:45:00+01:00"]
    kept = fields_of(answer.text.split("<main")[1])
    assert kept.items() >= DETAILS.items()
    assert "hold" not in kept


@pytest.mark.parametrize("step", ["when", "practitioner", "type"])
def test_going_back_to_another_choice_gives_the_time_back(world: World, step: str) -> None:
    open_clinic(world)
    world.post("/solna", data={**held(timedelta(minutes=5)), "go": step})
    assert [(call.name, call.args) for call in world.booking.calls] == [("release", ("h1",))]


def test_a_hold_of_ten_minutes_that_was_taken_just_now_has_ten_left_and_not_eleven(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_clinic(world)
    expires = NOW + timedelta(minutes=10, seconds=1)
    world.booking.answers["hold"] |= {"expires": expires.isoformat()}
    monkeypatch.setattr(world.clock, "now", lambda: NOW + timedelta(seconds=2 if holds(world) else 0))
    assert "10\u00a0min left" in review(world, timedelta(seconds=-1)).text


@pytest.mark.parametrize(("left", "is_waited"), [(timedelta(minutes=5), True), (timedelta(0), False)])
def test_searches_are_waited_for_only_where_a_time_was_still_held(
    world: World, monkeypatch: pytest.MonkeyPatch, left: timedelta, is_waited: bool
) -> None:
    """Of a hold that has run out they know, and nothing changes any more."""
    open_clinic(world)
    world.slot_cache.renew("solna", 1, world.slot_cache.drop_unasked("solna", [START[:10]]), {})
    slept: list[float] = []
    monkeypatch.setattr(eventlet, "sleep", slept.append)
    world.post("/solna", data={**held(left), "go": "when"})
    assert bool(slept) is is_waited

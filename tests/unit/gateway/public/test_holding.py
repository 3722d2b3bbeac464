"""How many times a patient holds at once, by page and by API (PRODUCT B12; CONTRACTS 2, Limits)."""

from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.contracts.errors import Invalid, SlotTaken, Timeout
from tests.builders.gateway.bookings import BODY
from tests.builders.gateway.clinics import CHOSEN, DETAILS, HELD, START, fields_of, open_clinic
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.visits import confirm, get, post
from tests.builders.gateway.world import World, refusing

_numbers = count(1)
WAYS = ["api", "page", "multipart"]


@pytest.fixture
def opened(world: World) -> World:
    """Return a world with an open clinic."""
    open_clinic(world)
    return world


def hold(world: World, by: str = "api", address: str = "203.0.113.7", **fields: str) -> TestResponse:
    """Hold one more time, under a name of its own."""
    world.booking.answers["hold"] = {**HELD, "hold": f"h{next(_numbers)}"}
    environ = {"REMOTE_ADDR": address}
    if by == "api":
        return world.post("/v1/clinics/solna/holds", json={"type": "exam", "start": START, **fields}, environ=environ)
    form = {"type": "exam", "practitioner": "any", "choose": START, **fields}
    kind = "multipart/form-data" if by == "multipart" else "application/x-www-form-urlencoded"
    return world.post("/solna", data=form, content_type=kind, environ=environ)


def replaced(world: World) -> list[str | None]:
    """Return what each hold that was asked for replaces."""
    return [call.fields.get("replaces") for call in world.booking.calls if call.name == "hold"]


@pytest.mark.parametrize("by", WAYS)
def test_two_addresses_no_longer_hold_a_whole_calendar(opened: World, by: str) -> None:
    answers = [hold(opened, by, f"2001:db8:1:{home}::{number}") for home in (1, 2) for number in range(12)]

    assert [answer.status_code < 400 for answer in answers] == [*[True] * 8, *[False] * 4] * 2
    refused = answers[-1]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert len(replaced(opened)) == 16, "what is refused is not even asked"


def test_a_page_that_is_gone_back_to_replaces_what_was_held_after_it(opened: World) -> None:
    """B12: however often a visit goes back and chooses again, one time is held."""
    page = get(opened, type="exam", practitioner="any", date="2026-12-01")
    form = {**fields_of(page.text), "choose": START}
    assert form["visit"]
    held = [f"h{number}" for number in range(12)]
    for each in held:
        opened.booking.answers["hold"] = {**HELD, "hold": each}
        assert opened.post("/solna", data=form).status_code == 303

    assert replaced(opened) == [None, *held[:-1]]


def test_a_program_names_the_hold_that_the_new_one_replaces(opened: World) -> None:
    first = hold(opened).json["hold"]
    for _ in range(12):
        answer = hold(opened, replaces=first)
        assert answer.status_code == 201
        assert replaced(opened)[-1] == first
        first = answer.json["hold"]


@pytest.mark.parametrize("way", ["released", "booked", "booked by page", "back"])
def test_what_is_given_back_or_booked_leaves_the_count(opened: World, way: str) -> None:
    opened.booking.answers["release"] = None
    held = [hold(opened).json["hold"] for _ in range(8)]
    assert hold(opened).status_code == 429

    if way == "released":
        opened.send("DELETE", f"/v1/holds/{held[0]}")
    elif way == "booked":
        opened.post("/v1/clinics/solna/bookings", json={**BODY, "hold": held[0]})
    elif way == "booked by page":
        confirm(opened, hold=held[0])
    else:
        post(opened, **{**CHOSEN, "hold": held[0]}, go="when")

    assert hold(opened).status_code == 201
    assert hold(opened).status_code == 429


def test_a_time_that_was_not_to_be_had_counts_nothing(opened: World) -> None:
    body = {"type": "exam", "start": START}
    opened.booking.answers["hold"] = refusing(SlotTaken, alternatives=[])
    assert {opened.post("/v1/clinics/solna/holds", json=body).status_code for _ in range(12)} == {409}
    assert hold(opened).status_code == 201


def test_a_time_that_may_have_been_held_counts_for_a_minute(opened: World) -> None:
    opened.booking.answers["hold"] = refusing(Timeout)
    for _ in range(8):
        opened.post("/v1/clinics/solna/holds", json={"type": "exam", "start": START})

    refused = hold(opened)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_without_redis_times_are_held_all_the_same(opened: World) -> None:
    opened.door.holds._cache = opened.door.limits._windows._cache = DeadRedis()
    assert {hold(opened, by).status_code for by in ("api", "page") for _ in range(10)} == {201, 303}


def test_a_booking_rate_limit_of_nought_switches_the_count_off(tmp_path: Any) -> None:
    world = World(tmp_path, booking_rate_limit=0)
    open_clinic(world)
    assert {hold(world).status_code for _ in range(40)} == {201}


def test_beside_booking_of_the_version_before_the_visit_still_holds_one_time(opened: World, monkeypatch: Any) -> None:
    """An upgrade replaces one service after the other; 0.1.0 does not know of `replaces`."""
    opened.booking.answers["release"] = None
    asked = type(opened.booking).__getattr__

    def of_before(service: Any, name: str) -> Any:
        method = asked(service, name)
        if name != "hold":
            return method

        def hold_of_before(clinic: str, **fields: Any) -> Any:
            if "replaces" in fields:
                raise refusing(Invalid, errors={"replaces": ["Unknown field."]})
            return method(clinic, **fields)

        return hold_of_before

    monkeypatch.setattr(type(opened.booking), "__getattr__", of_before)
    answer = post(opened, **CHOSEN, **DETAILS, choose=START)

    assert answer.status_code == 200
    assert [(call.name, call.args) for call in opened.booking.calls] == [("hold", ("solna",)), ("release", ("h1",))]

"""How often patients may move and cancel a booking, by its page and by the API (CONTRACTS 2, Limits; M4, M5)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.access.windows import Windows
from shared.contracts.errors import Refusal, SlotTaken, Timeout
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import heading_of
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.links import LINK, NEW_START, open_link
from tests.builders.gateway.world import World, refusing

TOKEN = LINK.removeprefix("/m/")


@pytest.fixture
def opened(world: World) -> World:
    """Return a world with one booking, which may be moved and cancelled."""
    open_link(world)
    world.booking.answers |= {"rebook": a_booking(), "cancel": a_booking(status="cancelled")}
    return world


def move(world: World, by: str = "api", **options: Any) -> TestResponse:
    """Move the booking by its link."""
    if by == "api":
        return world.post(f"/v1/manage/{TOKEN}/rebook", json={"start": NEW_START}, **options)
    form = {"go": "move", "start": NEW_START}
    if by == "multipart":
        return world.post(LINK, data=form, content_type="multipart/form-data", **options)
    return world.post(LINK, data=form, **options)


def cancel(world: World, by: str = "api") -> TestResponse:
    """Cancel the booking by its link."""
    if by == "api":
        return world.post(f"/v1/manage/{TOKEN}/cancel", json={})
    return world.post(LINK, data={"go": "cancel"})


@pytest.mark.parametrize("by", ["api", "page", "multipart"])
def test_a_booking_is_moved_and_cancelled_ten_times_an_hour_from_wherever(opened: World, by: str) -> None:
    """Each writes messages to people: to the patient and to the practitioner."""
    for number in range(10):
        answer = move(opened, by, environ={"REMOTE_ADDR": f"203.0.113.{number}"})
        assert answer.status_code in (200, 303), answer.text
    done = len(opened.booking.calls)

    for refused in (move(opened, by, environ={"REMOTE_ADDR": "198.51.100.4"}), cancel(opened), cancel(opened, "page")):
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert "+46 8 123 45 67" in refused.text, "whom to ring"
    assert not [call for call in opened.booking.calls[done:] if call.name in ("rebook", "cancel")]


def test_the_page_says_what_to_do_when_a_booking_was_changed_too_often(opened: World) -> None:
    for _ in range(10):
        move(opened)

    page = opened.post(LINK, data={"go": "move", "start": NEW_START, "lang": "sv"})

    assert heading_of(page.text) == "Tiden har ändrats många gånger"
    assert "Ring oss" in page.text
    assert f'href="{LINK}?lang=sv"' in page.text


def test_another_booking_is_changed_all_the_same(opened: World) -> None:
    for _ in range(11):
        move(opened)

    assert opened.post("/v1/manage/7K3M9QX2VTanother/rebook", json={"start": NEW_START}).status_code == 200


def test_what_is_refused_is_not_counted(opened: World) -> None:
    """CONTRACTS 2: who finds times taken has changed nothing."""
    opened.booking.answers["rebook"] = refusing(SlotTaken, alternatives=[])
    assert {move(opened).status_code for _ in range(15)} == {409}

    opened.booking.answers["rebook"] = a_booking()
    assert move(opened).status_code == 200


def test_what_may_have_been_done_is_counted(opened: World) -> None:
    opened.booking.answers["rebook"] = refusing(Timeout)
    assert [move(opened).status_code for _ in range(11)] == [504] * 10 + [429]


def test_a_booking_rate_limit_of_nought_lets_bookings_be_changed_at_will(tmp_path: Any) -> None:
    world = World(tmp_path, booking_rate_limit=0)
    open_link(world)
    world.booking.answers["rebook"] = a_booking()

    assert {move(world).status_code for _ in range(30)} == {200}


@pytest.mark.parametrize("answer", [None, SlotTaken])
def test_without_redis_bookings_are_changed_all_the_same(opened: World, answer: type[Refusal] | None) -> None:
    opened.door.limits._windows = Windows(DeadRedis())
    if answer:
        opened.booking.answers["rebook"] = refusing(answer, alternatives=[])

    assert {move(opened).status_code for _ in range(12)} == {409 if answer else 200}

"""What a clinic's own tracking learns of a visit: that it was, and that it ended in a booking (PRODUCT B17)."""

import re
from html import unescape

import pytest
import redis
from werkzeug.test import TestResponse

from tests.builders.gateway.clinics import BOOKED, CHOSEN, DETAILS, open_clinic
from tests.builders.gateway.visits import ENGLISH
from tests.builders.gateway.world import World

VISIT = "https://track.example/v.gif?clinic=solna&kind=visit"
COMPLETED = "https://count.example:8443/c.gif"
SEARCH = {"type": "exam", "practitioner": "any"}


def open_tracked(world: World, visit: str | None = VISIT, completed: str | None = COMPLETED) -> None:
    open_clinic(world, booking={"tracking": {"visit": visit, "completed": completed}})


def get(world: World, path: str = "/solna", **query: str) -> TestResponse:
    """Open an address, following where it leads."""
    return world.get(path, query_string=query or None, headers=ENGLISH, follow_redirects=True)


def confirm(world: World, reference: str = "7K3M9QX2VT", **changes: str) -> TestResponse:
    world.booking.answers["book"] = {**BOOKED, "reference": reference}
    return world.post("/solna", data={**CHOSEN, **DETAILS, "go": "confirm", "key": "k1", **changes}, headers=ENGLISH)


def images_of(answer: TestResponse) -> list[str]:
    return [unescape(found) for found in re.findall(r'<img[^>]* src="([^"]*)"', answer.text)]


def image_policy(answer: TestResponse) -> str:
    return next(rule for rule in answer.headers["Content-Security-Policy"].split("; ") if rule.startswith("img-src"))


def test_the_first_search_of_a_visit_loads_the_address_exactly_as_the_clinic_wrote_it_b17(world: World) -> None:
    open_tracked(world)
    answer = get(world, **SEARCH)
    assert images_of(answer) == [VISIT]
    assert 'referrerpolicy="no-referrer"' in answer.text
    assert image_policy(answer) == "img-src 'self' data: https://track.example"


def test_a_visit_is_told_once_whatever_is_reloaded_or_searched_afterwards_b17(world: World) -> None:
    open_tracked(world)
    first = get(world, **SEARCH)
    address = first.request.path + "?" + first.request.query_string.decode()
    visit = first.request.args["visit"]
    later = [get(world, address), get(world, **SEARCH, visit=visit, date="2026-12-01"), get(world, visit=visit)]
    assert [images_of(each) for each in later] == [[], [], []]
    assert image_policy(later[0]) == "img-src 'self' data:"
    assert f"visit={visit}" in confirm(world, visit=visit).text.split("Book another")[0].rsplit("href=", 1)[1]


def test_another_visit_is_told_again_b17(world: World) -> None:
    open_tracked(world)
    assert [images_of(get(world, **SEARCH)) for _ in range(2)] == [[VISIT], [VISIT]]


def test_nothing_is_told_before_times_are_searched_for_b17(world: World) -> None:
    open_tracked(world)
    assert images_of(get(world)) == []
    assert images_of(get(world, type="exam")) == [VISIT], "each practitioner's first times were searched for"


def test_a_booking_is_told_once_however_often_it_is_sent_b13_b17(world: World) -> None:
    open_tracked(world)
    answers = [confirm(world), confirm(world), confirm(world, reference="OTHER12345")]
    assert [images_of(each) for each in answers] == [[COMPLETED], [], [COMPLETED]]
    assert [image_policy(each) for each in answers[:2]] == [
        "img-src 'self' data: https://count.example:8443",
        "img-src 'self' data:",
    ]


def test_only_what_the_clinic_has_set_is_loaded_b17(world: World) -> None:
    open_tracked(world, visit=None, completed=None)
    searched = get(world, **SEARCH)
    assert images_of(searched) == images_of(confirm(world)) == []
    assert "visit" not in searched.request.args


def test_details_and_review_load_nothing_from_elsewhere_b17(world: World) -> None:
    open_tracked(world)
    for answer in (get(world, **CHOSEN), world.post("/solna", data={**CHOSEN, **DETAILS, "go": "review"})):
        assert images_of(answer) == []
        assert image_policy(answer) == "img-src 'self' data:"


def test_without_redis_bookings_go_on_and_nothing_is_told_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise redis.ConnectionError

    open_tracked(world)
    monkeypatch.setattr(world.cache, "set", away)
    answer = confirm(world)
    assert answer.status_code == 200
    assert images_of(answer) == []

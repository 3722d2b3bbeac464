"""A clinic's pictures, put and removed by its administrators (PRODUCT B21)."""

from base64 import b64decode

import pytest

from gateway.http.bounds import PICTURE_LIMIT
from shared.contracts.errors import Invalid, NotFound
from tests.builders.gateway.world import World, refusing

ANNA = "/v1/staff/clinics/solna/pictures/anna"
KEPT = {
    "name": "anna",
    "url": "https://b.example/solna/pictures/anna?v=1",
    "type": "image/webp",
    "width": 9,
    "height": 9,
}


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp", "image/heic", "application/json"])
def test_b21_the_files_bytes_go_to_availability_as_they_came(world: World, kind: str) -> None:
    world.availability.answers["put_picture"] = KEPT
    body = bytes(range(256)) * 1000

    response = world.send("PUT", ANNA, data=body, content_type=kind, token=world.log_in())

    assert (response.status_code, response.json) == (200, KEPT)
    (call,) = world.availability.calls
    assert (call.args, b64decode(call.fields["content"])) == (("solna", "anna"), body)
    assert call.actor.kind == "staff"


def test_b21_two_megabytes_are_taken_and_no_more(world: World) -> None:
    world.availability.answers["put_picture"] = KEPT
    statuses = [
        world.send("PUT", ANNA, data=bytes(size), content_type="image/png", token=world.log_in()).status_code
        for size in (PICTURE_LIMIT, PICTURE_LIMIT + 1)
    ]
    assert statuses == [200, 413]


def test_b21_what_is_wrong_with_a_picture_is_told(world: World) -> None:
    world.availability.answers["put_picture"] = refusing(Invalid, errors={"picture": ["It is cut short."]})
    response = world.send("PUT", ANNA, data=b"x", content_type="image/png", token=world.log_in())
    assert (response.status_code, response.json["errors"]) == (422, {"picture": ["It is cut short."]})


def test_b21_a_picture_is_removed(world: World) -> None:
    assert world.send("DELETE", ANNA, token=world.log_in()).status_code == 204
    assert world.availability.calls[0].args == ("solna", "anna")
    world.availability.answers["remove_picture"] = refusing(NotFound)
    assert world.send("DELETE", ANNA, token=world.log_in()).status_code == 404


def test_b21_nobody_puts_or_removes_pictures_without_having_logged_in(world: World) -> None:
    for method in ("PUT", "DELETE"):
        assert world.send(method, ANNA, data=b"x", content_type="image/png").status_code == 401
    assert world.availability.calls == []

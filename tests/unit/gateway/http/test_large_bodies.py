"""A body above the usual limit takes up no memory before it is known who sends it, and that they may."""

import io
import tracemalloc
from collections.abc import Mapping

import pytest
from werkzeug.test import TestResponse

from gateway.http.bounds import BODY_LIMIT, DOCUMENT_LIMIT, MOVING_IN_LIMIT
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World

FILE = "/staff/solna/set-up/moving-in/patients"
DOCUMENT = "/v1/staff/clinics/solna/document"


class Arriving(io.RawIOBase):
    """A body that comes from far away: `left` bytes of it still do."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        size = min(self.left, len(into))
        into[:size] = bytes(size)
        self.left -= size
        return size


def send(world: World, method: str, path: str, size: int, headers: Mapping[str, str]) -> tuple[TestResponse, int, int]:
    """Send a body; return the answer, the most memory that it took, and what of the body nobody read."""
    body = Arriving(size)
    tracemalloc.start()
    try:
        environ = {"wsgi.input": body, "CONTENT_LENGTH": str(size), "CONTENT_TYPE": "application/octet-stream"}
        answer = world.send(method, path, environ=environ, headers=headers)
        return answer, tracemalloc.get_traced_memory()[1], body.left
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("who", ["nobody", "therapist"])
def test_who_may_not_send_a_large_body_has_it_read_away_and_is_told_as_with_a_small_one(world: World, who: str) -> None:
    put_in_force(world)
    sending = Browser(world, THERAPIST).sending()
    headers = sending if who == "therapist" else {**sending, "Cookie": "__Host-staff=made-up"}
    send(world, "POST", FILE, BODY_LIMIT, headers)  # loads what every first request loads

    small, *_ = send(world, "POST", FILE, BODY_LIMIT, headers)
    large, most, left = send(world, "POST", FILE, MOVING_IN_LIMIT, headers)

    assert (large.status_code, large.location) == (small.status_code, small.location)
    assert large.status_code == (403 if who == "therapist" else 303)
    assert (most < MOVING_IN_LIMIT / 2, left) == (True, 0)


def test_a_document_of_who_is_not_logged_in_is_read_away(world: World) -> None:
    send(world, "PUT", DOCUMENT, BODY_LIMIT, {})

    answer, most, left = send(world, "PUT", DOCUMENT, DOCUMENT_LIMIT, {"Authorization": "Bearer made-up"})

    assert (answer.status_code, answer.get_json()["code"]) == (401, "login_required")
    assert (most < DOCUMENT_LIMIT / 2, left) == (True, 0)

"""Requests to the booking page as a browser makes them, and what they led to."""

from typing import Any

from werkzeug.test import TestResponse

from tests.builders.gateway.clinics import CHOSEN, DETAILS
from tests.builders.gateway.world import World

ENGLISH = {"Accept-Language": "en"}


def get(world: World, **query: str) -> TestResponse:
    return world.get("/solna", query_string=query, headers=ENGLISH)


def post(world: World, **fields: str) -> TestResponse:
    return world.post("/solna", data=fields, headers=ENGLISH)


def followed(world: World, answer: TestResponse) -> TestResponse:
    """Return where a posted form leads, as browsers go there."""
    assert answer.status_code == 303, answer.text
    return world.get(answer.location, headers=ENGLISH)


def confirm(world: World, **changes: str) -> TestResponse:
    return post(world, **{**CHOSEN, **DETAILS, "go": "confirm", "key": "k1", **changes})


def booked_with(world: World) -> dict[str, Any]:
    return next(call.fields for call in world.booking.calls if call.name == "book")

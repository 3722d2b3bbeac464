"""Who could take a time, as availability tells it: this release's answer and that of the release before."""

from typing import Any

import pytest

from services.booking.model.bookings import Candidate

TIMES = {
    "start": "2026-12-01T09:00:00+00:00",
    "end": "2026-12-01T09:30:00+00:00",
    "busy_from": "2026-12-01T09:00:00+00:00",
    "busy_to": "2026-12-01T09:40:00+00:00",
}
ROOMS = [["room-1", "room-2"], ["laser"]]


@pytest.mark.parametrize("rooms", [{"uses": ROOMS}, {"needs": ROOMS}, {"uses": ROOMS, "needs": []}])
def test_what_a_type_uses_is_read_by_its_old_name_where_the_new_one_is_not_told(rooms: dict[str, Any]) -> None:
    answer = {"practitioner": "anna", "minutes": 30, "accepts_new": True, **TIMES, **rooms}
    assert Candidate.from_answer(answer).uses == (("room-1", "room-2"), ("laser",))

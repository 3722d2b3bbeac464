"""Who could take a time, as told between services: by this release, and by the one before."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.clinic.starts.candidates import Candidate

NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROOMS = [["room-1", "room-2"], ["laser"]]
ANNA = Candidate(
    "anna", NINE, NINE + 30 * MINUTE, NINE, NINE + 40 * MINUTE, 30, True, (("room-1", "room-2"), ("laser",))
)


def test_a_candidate_is_read_as_it_was_told() -> None:
    assert Candidate.from_json(ANNA.to_json()) == ANNA


def test_moments_are_told_in_utc_and_what_it_uses_by_the_old_name_besides() -> None:
    local = ANNA._replace(start=NINE.astimezone(timezone(timedelta(hours=1))))
    told = local.to_json()
    assert told["start"] == "2026-12-01T09:00:00+00:00"
    assert (told["uses"], told["needs"]) == (ROOMS, ROOMS)


@pytest.mark.parametrize("rooms", [{"uses": ROOMS}, {"needs": ROOMS}, {"uses": ROOMS, "needs": []}])
def test_what_it_uses_is_read_by_its_old_name_where_the_new_one_is_not_told(rooms: dict[str, Any]) -> None:
    told = {name: value for name, value in ANNA.to_json().items() if name not in {"uses", "needs"}}
    assert Candidate.from_json(told | rooms) == ANNA


def test_it_might_occupy_the_practitioner_and_each_resource_that_would_do() -> None:
    assert ANNA.occupied_keys() == {"practitioner:anna", "resource:room-1", "resource:room-2", "resource:laser"}

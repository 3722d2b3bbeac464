"""The first free times over the API (CONTRACTS 2, `next`; PRODUCT B20)."""

from typing import Any

import pytest

from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.world import World

NEXT = "/v1/clinics/solna/next"


def a_slot(start: str, *practitioners: str) -> dict[str, Any]:
    return {"start": start, "end": start, "practitioners": list(practitioners)}


FOUND = [
    a_slot("2026-11-30T09:00:00+01:00", "erik"),
    a_slot("2026-11-30T10:00:00+01:00", "anna", "erik"),
    *(a_slot(f"2026-12-0{day}T{hour}:00:00+01:00", "erik") for day in (1, 2) for hour in (12, 13, 14, 15, 16)),
]


def starts(world: World, **query: str) -> list[str]:
    open_clinic(world)
    world.availability.answers["next_slots"] = {"next_slots": FOUND}
    answer = world.get(NEXT, query_string={"type": "exam", **query})
    assert answer.status_code == 200, answer.text
    return [slot["start"][:13] for slot in answer.json["slots"]]


def test_ten_times_at_most_are_told_of_several_days_b20(world: World) -> None:
    found = starts(world)
    assert len(found) == 10
    assert {start[:10] for start in found} == {"2026-11-30", "2026-12-01", "2026-12-02"}
    assert starts(world, count="3") == ["2026-11-30T09", "2026-12-01T12", "2026-12-02T12"]


def test_nothing_before_the_asked_moment_is_told(world: World) -> None:
    assert starts(world, after="2026-12-02T14:30:00+01:00") == ["2026-12-02T15", "2026-12-02T16"]
    assert world.availability.calls[0].fields["from"] == "2026-12-02"


def test_the_first_of_each_practitioner_is_told_b20(world: World) -> None:
    assert starts(world, by="practitioner") == ["2026-11-30T09", "2026-11-30T10"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("after", "tomorrow"), ("after", "2026-12-01T09:00:00"), ("count", "11"), ("count", "0"), ("by", "room")],
)
def test_odd_parameters_are_refused_by_name(world: World, name: str, value: str) -> None:
    open_clinic(world)
    answer = world.get(NEXT, query_string={"type": "exam", name: value})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert list(answer.json["errors"]) == [name]

"""The floor plan of shared: no circle, few floors, no folder and no module too large."""

import pytest

from tests.unit.import_rules.floors import MOST_FLOORS, FloorPlan, height

SHARED = FloorPlan("shared")


@pytest.mark.parametrize("depth", [1, 2])
def test_rooms_and_the_folders_in_them_stand_on_few_floors_in_no_circle(depth: int) -> None:
    assert height(SHARED.rooms(depth)) <= MOST_FLOORS


def test_no_module_uses_itself_by_way_of_others() -> None:
    assert height(SHARED.modules())


def test_no_folder_has_many_modules_and_no_module_many_lines() -> None:
    assert (SHARED.crowded(), SHARED.long()) == ({}, {})

"""Each service's floor plan: no circle, few floors, no folder and no module too large."""

import pytest

from tests.unit.import_rules.floors import MOST_FLOORS, FloorPlan, height

PLANS = [FloorPlan(f"services.{name}") for name in ("availability", "booking", "notification", "patient", "staff")]
of_each_service = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.package)


@of_each_service
@pytest.mark.parametrize("depth", [1, 2])
def test_rooms_and_the_folders_in_them_stand_on_few_floors_in_no_circle(plan: FloorPlan, depth: int) -> None:
    assert height(plan.rooms(depth)) <= MOST_FLOORS


@of_each_service
def test_no_module_uses_itself_by_way_of_others(plan: FloorPlan) -> None:
    assert height(plan.modules())


@of_each_service
def test_no_folder_has_many_modules_and_no_module_many_lines(plan: FloorPlan) -> None:
    assert (plan.crowded(), plan.long()) == ({}, {})

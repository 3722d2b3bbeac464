"""The names of what is occupied, which databases hold, and whether two times meet."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.clinic.occupancy import occupied_keys, overlap

NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_appointment_occupies_its_practitioner_and_its_resources_by_these_names() -> None:
    assert occupied_keys("anna", ["room-1", "anna"]) == ["practitioner:anna", "resource:room-1", "resource:anna"]


@pytest.mark.parametrize(("hours", "expected"), [(-2, False), (-1, False), (-0.5, True), (0, True), (1, False)])
def test_times_are_half_open_so_that_neighbours_do_not_overlap(hours: float, expected: bool) -> None:
    other = (NINE + hours * HOUR, NINE + (hours + 1) * HOUR)
    assert overlap((NINE, NINE + HOUR), other) == overlap(other, (NINE, NINE + HOUR)) == expected

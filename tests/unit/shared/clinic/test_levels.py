"""How full a day is (PRODUCT S15)."""

import pytest

from shared.clinic.levels import level_of


@pytest.mark.parametrize(
    ("free", "few", "level"),
    [(0, 3, "none"), (1, 3, "few"), (3, 3, "few"), (4, 3, "many"), (1, 0, "many"), (0, 0, "none")],
)
def test_s15_at_most_few_free_times_are_few(free: int, few: int, level: str) -> None:
    assert level_of(free, few) == level

"""What of an old time is kept, and until when (PRODUCT C10)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.booking.model.undo import left_over, undo_until

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ((30, 60), [(0, 30)]),
        ((-30, 0), [(0, 30)]),
        ((15, 45), [(0, 15)]),
        ((-15, 15), [(15, 30)]),
        ((10, 20), [(0, 10), (20, 30)]),
        ((0, 30), []),
        ((-10, 40), []),
    ],
)
def test_what_is_left_of_half_an_hour(taken: tuple[int, int], left: list[tuple[int, int]]) -> None:
    found = left_over((at(0), at(30)), (at(taken[0]), at(taken[1])))
    assert list(found) == [(at(start), at(end)) for start, end in left]


def test_the_old_time_is_kept_a_little_longer_than_the_minute() -> None:
    """By so much the clocks of two machines may differ."""
    assert undo_until(NOON) == NOON + timedelta(seconds=65)

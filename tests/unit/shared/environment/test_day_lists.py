"""Which day list must be there when, and what the environment says of it (PRODUCT C15)."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from shared.environment.day_lists import DayLists, day_lists_from

DATA = Path("/data")
LISTS = DayLists(DATA, time(19), timedelta(days=14))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-12-24T19:00", "2026-12-25"),
        ("2026-12-24T23:59", "2026-12-25"),
        ("2026-12-25T00:00", "2026-12-25"),
        ("2026-12-24T18:59", "2026-12-24"),
    ],
)
def test_c15_the_coming_day_s_is_due_from_the_evening_on_and_stays_so_until_the_next(now: str, day: str) -> None:
    assert LISTS.due(datetime.fromisoformat(now)) == date.fromisoformat(day)


def test_they_lie_in_the_data_folder_from_seven_on_for_two_weeks_where_nothing_else_is_said() -> None:
    assert day_lists_from({}, DATA) == DayLists(DATA / "day-lists", time(19), timedelta(days=14))
    said = {"DAY_LISTS_AT": "20:30", "DAY_LISTS_DIR": "/srv/lists", "DAY_LISTS_KEPT": "2"}
    assert day_lists_from(said, DATA) == DayLists(Path("/srv/lists"), time(20, 30), timedelta(days=2))
    assert day_lists_from({**said, "DAY_LISTS_AT": "off"}, DATA) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("DAY_LISTS_AT", "7 pm"), ("DAY_LISTS_AT", "25:00"), ("DAY_LISTS_KEPT", "0"), ("DAY_LISTS_KEPT", "for ever")],
)
def test_what_makes_no_sense_is_one_sentence_that_names_the_setting(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=name):
        day_lists_from({name: said}, DATA)

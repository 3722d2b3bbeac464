"""Where things stand in a column, and what is free between them (PRODUCT C6)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.console.calendar.places import DAY, Span, classes, free_places, shown_hours, span_of

ZONE = ZoneInfo("Europe/Stockholm")
TUESDAY = date(2026, 12, 1)


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(14 * 60 + 30, 15 * 60), "h14 m6 e6"),
        (Span(8 * 60, 12 * 60), "h8 d4"),
        (Span(0, DAY), "h0 d24"),
        (Span(9 * 60 + 5, 10 * 60 + 20), "h9 m1 d1 e3"),
        (Span(9 * 60 + 3, 9 * 60 + 8), "h9 e2"),
        (Span(9 * 60 + 1, 9 * 60 + 1), "h9 e1"),
    ],
)
def test_a_time_is_classes_of_hours_and_rows_of_five_minutes(span: Span, expected: str) -> None:
    assert classes(span) == expected


def test_what_lasts_over_midnight_is_cut_at_it() -> None:
    assert span_of(at(15, day=1), at(10, day=2), date(2026, 12, 2)) == Span(0, 10 * 60)
    assert span_of(at(15), at(0, day=2), TUESDAY) == Span(15 * 60, DAY)


def test_whole_hours_are_shown_around_all_that_there_is() -> None:
    assert shown_hours([Span(8 * 60 + 30, 12 * 60), Span(13 * 60, 16 * 60 + 5)]) == Span(8 * 60, 17 * 60)
    assert shown_hours([]) == Span(8 * 60, 17 * 60)
    assert shown_hours([Span(600, 660)], whole_day=True) == Span(0, DAY)


def test_free_places_go_from_quarter_to_quarter_and_fill_what_is_left() -> None:
    shown, taken = Span(8 * 60, 9 * 60), [Span(8 * 60 + 20, 8 * 60 + 40)]
    assert list(free_places(shown, taken)) == [
        Span(480, 495), Span(495, 500), Span(520, 525), Span(525, 540),
    ]  # fmt: skip


_SPANS = st.lists(
    st.tuples(st.integers(0, DAY // 5), st.integers(1, 30)).map(lambda each: Span(5 * each[0], 5 * sum(each))),
    max_size=12,
)


@given(taken=_SPANS, hours=st.tuples(st.integers(0, 12), st.integers(1, 12)))
def test_every_minute_that_is_shown_is_either_taken_or_in_one_free_place(
    taken: list[Span], hours: tuple[int, int]
) -> None:
    shown = Span(hours[0] * 60, sum(hours) * 60)
    free = [minute for span in free_places(shown, taken) for minute in range(*span)]
    busy = {minute for span in taken for minute in range(*span)}
    assert free == [minute for minute in range(*shown) if minute not in busy]

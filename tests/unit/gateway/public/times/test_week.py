"""A week's free times at a glance: its days side by side, the first free ones first (PRODUCT B20)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from gateway.public.draft import Draft
from gateway.public.times.shown import free_times
from gateway.public.times.week import Week
from gateway.views.clinic_view import ClinicView
from shared.contracts.availability import MOST_DAYS_OF_LEVELS
from tests.builders.gateway.times import FakeSource, a_clinic

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
"""A Thursday."""


def shown(source: FakeSource, clinic: ClinicView | None = None, opens: date | None = None, **choices: str) -> Week:
    found = free_times(source, clinic or a_clinic(), Draft(choices), NOW, opens)
    assert found.week
    return found.week


def days_of(week: Week) -> list[int]:
    return [each.day.day for each in week.days]


def times_of(week: Week) -> list[str]:
    return [f"{time.start:%H:%M}" for time in week.days[0].times]


def a_source(*days: int, times: tuple[str, ...] = ("09:00",)) -> FakeSource:
    return FakeSource(*(date(2026, 12, day) for day in days), times=times)


def test_the_first_week_begins_with_the_first_free_day_and_leaves_out_days_without_times_b20() -> None:
    week = shown(a_source(2, 3, 4, 7, 8, 9, 10))
    assert days_of(week) == [2, 3, 4, 7, 8]
    assert (week.first, week.before, week.after) == (date(2026, 12, 2), None, date(2026, 12, 9))
    assert week.is_first


def test_the_first_week_takes_two_questions_however_far_its_first_free_day_is_in_the_next_month() -> None:
    source = a_source(22)
    assert days_of(shown(source)) == [22]
    assert source.asked == [
        ("days", date(2026, 11, 26), date(2026, 12, 26)),
        ("starts", date(2026, 12, 22), date(2026, 12, 28)),
    ]


def test_a_later_week_takes_one_search_and_the_way_back_leads_to_the_week_before() -> None:
    source = a_source(2, 3, 4, 7, 8, 9, 10)
    week = shown(source, week="2026-12-09")
    assert days_of(week) == [9, 10]
    assert [each for each in source.asked if each[0] != "holidays"] == [
        ("starts", date(2026, 12, 9), date(2026, 12, 15))
    ]
    assert (week.before, week.after, week.is_first) == (date(2026, 12, 2), date(2026, 12, 16), False)


def test_a_week_without_times_names_the_next_free_day() -> None:
    week = shown(a_source(30), week="2026-12-09")
    assert (week.days, week.next_free) == ([], date(2026, 12, 30))


FAR = date(2027, 9, 20)
"""Ten months ahead."""


@pytest.mark.parametrize("choices", [{}, {"week": "2026-12-09"}], ids=["first week", "later week"])
def test_a_first_free_day_is_found_however_far_it_is_and_at_the_very_end_of_the_window_b20(
    choices: dict[str, str],
) -> None:
    source = FakeSource(FAR)
    week = shown(source, a_clinic(last_date=f"{FAR}"), **choices)
    assert (week.next_free or week.first) == FAR
    asked = [(first, last) for kind, first, last in source.asked if kind == "days"]
    assert all((last - first).days < MOST_DAYS_OF_LEVELS for first, last in asked)
    assert all(first == before[1] + timedelta(days=1) for before, (first, _) in pairwise(asked)), "each day once"


def test_nothing_is_looked_for_behind_the_window_s10() -> None:
    source = FakeSource(FAR)
    week = shown(source, a_clinic(last_date="2027-09-19"))
    assert (week.days, week.next_free) == ([], None)
    assert max(last for _, _, last in source.asked) == date(2027, 9, 19)


def test_weeks_end_with_the_booking_window_s10() -> None:
    source = a_source(2, 3, 4, 5)
    week = shown(source, a_clinic(last_date="2026-12-04"), week="2026-12-03")
    assert days_of(week) == [3, 4]
    assert week.after is None
    assert shown(source, a_clinic(first_date="2026-12-03"), week="2020-01-01").first == date(2026, 12, 3)


def test_a_need_opens_at_its_week_and_earlier_times_can_be_looked_for_b10() -> None:
    week = shown(a_source(1, 9, 10), opens=date(2026, 12, 7))
    assert (days_of(week), week.before, week.is_first) == ([9, 10], date(2026, 12, 2), False)


def test_where_a_week_begins_is_seen_a_saturday_in_persian() -> None:
    source = a_source(3, 4, 5, 6, 7, 8)
    for language, weekday in (("en", "Mon"), ("fa", "Sat")):
        days = shown(source, a_clinic(language)).days
        assert [f"{each.day:%a}" for each in days if each.begins_week] == [weekday]


def test_of_many_times_the_first_of_each_hour_is_shown_and_the_day_leads_to_the_others() -> None:
    quarters = tuple(f"{hour:02}:{minute:02}" for hour in (8, 9, 10, 13, 14) for minute in (0, 15, 30, 45))
    week = shown(a_source(2, times=quarters))
    assert times_of(week) == ["08:00", "09:00", "10:00", "13:00", "14:00"]
    assert week.days[0].has_more


def test_of_very_many_hours_some_are_shown_from_the_first_to_the_last() -> None:
    half_hours = tuple(f"{hour:02}:{minute}" for hour in range(7, 19) for minute in ("00", "30"))
    assert times_of(shown(a_source(2, times=half_hours))) == [
        "07:00", "08:00", "10:00", "11:00", "13:00", "14:00", "16:00", "18:00",
    ]  # fmt: skip


def test_a_few_times_are_all_shown() -> None:
    few = ("08:00", "08:15", "08:30")
    week = shown(a_source(2, times=few))
    assert (times_of(week), week.days[0].has_more) == ([*few], False)


CHRISTMAS = {date(2026, 12, 24): "Julafton", date(2026, 12, 25): "Juldagen", date(2026, 12, 26): "Annandag jul"}


def test_the_first_week_names_holidays_that_can_be_booked_and_those_on_which_nothing_is_free_s9() -> None:
    source = FakeSource(*(date(2026, 12, day) for day in (21, 22, 24, 27)), holidays=CHRISTMAS)
    week = shown(source)
    assert [(each.day.day, each.holiday) for each in week.days] == [
        (21, None), (22, None), (24, "Julafton"), (27, None),
    ]  # fmt: skip
    assert week.holidays == {date(2026, 12, 25): "Juldagen", date(2026, 12, 26): "Annandag jul"}
    assert [kind for kind, _, _ in source.asked] == ["days", "starts"], "no question is asked for the names"


def test_a_later_week_names_its_holidays_too_s9() -> None:
    week = shown(FakeSource(*(date(2026, 12, day) for day in (21, 24, 27)), holidays=CHRISTMAS), week="2026-12-21")
    assert [(each.day.day, each.holiday) for each in week.days] == [(21, None), (24, "Julafton"), (27, None)]
    assert [*week.holidays.values()] == ["Juldagen", "Annandag jul"]


def test_no_holiday_before_or_behind_the_first_week_is_named_with_it_s9() -> None:
    around = {date(2026, 12, 1): "First", date(2026, 12, 9): "Last"}
    week = shown(FakeSource(date(2026, 12, 2), holidays=around))
    assert (week.first, week.holidays) == (date(2026, 12, 2), {})


def test_a_day_or_month_that_is_asked_for_and_a_clinic_that_wants_it_show_the_month_s15() -> None:
    source, month_first = a_source(2), a_clinic(calendar="month")
    for clinic, choices in (
        (a_clinic(), {"date": "2026-12-02"}),
        (a_clinic(), {"month": "2026-12-02"}),
        (month_first, {}),
    ):
        assert free_times(source, clinic, Draft(choices), NOW).month
    assert free_times(source, month_first, Draft({"week": "2026-12-02"}), NOW).week


@pytest.mark.parametrize("calendar", ["week", "month"])
def test_a2_it_is_known_when_there_is_no_time_at_all(calendar: str) -> None:
    """However the clinic shows its times; a later week or month, or a day that is full, leaves open what there is."""
    clinic = a_clinic(calendar=calendar)

    def is_empty(source: FakeSource, **choices: str) -> bool:
        return free_times(source, clinic, Draft(choices), NOW).is_empty

    assert is_empty(a_source())
    assert not is_empty(a_source(22))
    assert not is_empty(a_source(), week="2026-12-10")
    assert not is_empty(a_source(), month="2026-12-10")
    assert not is_empty(a_source(22), date="2026-11-27")

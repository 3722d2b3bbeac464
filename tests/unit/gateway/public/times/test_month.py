"""Which month is shown, and which of its days and times are free."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.public.draft import Draft
from gateway.public.times.month import free_month
from gateway.public.times.sources import OfBooking
from gateway.views.clinic_view import ClinicView
from gateway.views.day_grid import Day
from tests.builders.gateway.times import FakeSource, a_clinic

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
"""Already the 24th in Stockholm."""


def shown(search: FakeSource, clinic: ClinicView, **choices: str):
    return free_month(search, clinic, Draft(choices), NOW)


def test_the_first_month_with_a_free_day_is_shown_where_none_was_asked_for():
    search = FakeSource(date(2027, 1, 12))
    times = shown(search, a_clinic())
    assert times.grid.title == "January 2027"
    assert times.grid.before == date(2026, 12, 31)
    assert times.grid.has_free_days
    assert len(search.days_asked) == 2, "what was looked at on the way is not asked for again"


def test_a_first_month_that_was_looked_at_in_part_is_searched_whole():
    search = FakeSource(date(2027, 1, 12), date(2027, 1, 30))
    times = shown(search, a_clinic(last_date="2027-01-15"))
    assert [cell.day for week in times.grid.weeks for cell in week if cell and cell.level != "none"] == list(
        search.free
    )
    assert search.days_asked[-1] == (date(2027, 1, 1), date(2027, 1, 31))


def test_the_first_free_month_is_found_however_far_it_is_b20():
    times = shown(FakeSource(date(2027, 9, 20)), a_clinic(last_date="2027-09-20"))
    assert (times.grid.title, times.day) == ("September 2027", date(2027, 9, 20))


def test_a_month_that_was_asked_for_stays_and_names_the_next_free_day():
    times = shown(FakeSource(date(2027, 1, 12)), a_clinic(), month="2026-12-01")
    assert times.grid.title == "December 2026"
    assert times.next_free == date(2027, 1, 12)


def test_days_before_today_are_not_searched_by_the_clinics_own_date_s16():
    search = FakeSource(date(2026, 11, 25))
    shown(search, a_clinic())
    assert search.days_asked == [(date(2026, 11, 24), date(2026, 11, 30))]


def test_searches_stay_within_what_availability_answers():
    search = FakeSource()
    shown(search, a_clinic())
    assert all(last - first < timedelta(days=92) for first, last in search.days_asked)


@pytest.mark.parametrize(
    ("booking", "last_title"),
    [({"horizon": "30d"}, "December 2026"), ({"last_date": "2027-02-03"}, "February 2027"), ({}, "November 2027")],
)
def test_paging_ends_with_the_booking_window_s10(booking, last_title):
    times = shown(FakeSource(), a_clinic(**booking), month="2099-01-01")
    assert times.grid.title == last_title
    assert times.grid.after is None


def test_paging_starts_with_the_booking_window_s10():
    times = shown(FakeSource(date(2027, 3, 1)), a_clinic(first_date="2027-03-01"), month="2020-01-01")
    assert times.grid.title == "March 2027"
    assert times.grid.before is None


def test_a_chosen_day_shows_its_times_only_if_it_has_any():
    search = FakeSource(date(2026, 12, 1))
    assert [title for title, _ in shown(search, a_clinic(), date="2026-12-01").parts] == ["Morning"]
    assert shown(search, a_clinic(), date="2026-12-02").day is None


def test_the_times_of_a_move_are_searched_a_month_at_a_time_m4():
    asked: list[dict[str, str]] = []

    class Booking:
        def slots_for(self, token: str, **query: str) -> dict[str, object]:
            asked.append(query)
            return {"slots": [{"start": "2026-12-24T09:00:00+01:00"}] if len(asked) == 1 else []}

    search = OfBooking(Booking(), a_clinic(few=0), "token")
    assert search.days(date(2026, 12, 1), date(2027, 2, 28)) == {date(2026, 12, 24): Day("many")}
    assert [(query["from"], query["to"]) for query in asked] == [
        ("2026-12-01", "2026-12-31"),
        ("2027-01-01", "2027-01-31"),
        ("2027-02-01", "2027-02-28"),
    ]

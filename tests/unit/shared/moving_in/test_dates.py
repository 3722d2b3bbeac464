"""Days, times and their orders as five countries write them (PRODUCT C14)."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.moving_in.dates import Days, are_mixed, clock, order_of
from shared.texts.language import calendar_parts

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("order", "text", "born"),
    [
        ("ymd", "1985-12-24", date(1985, 12, 24)),
        ("dmy", "1985-12-24", date(1985, 12, 24)),
        ("dmy", "24.12.1985", date(1985, 12, 24)),
        ("ymd", "24.12.1985", date(1985, 12, 24)),
        ("dmy", "24. 12. 1985", date(1985, 12, 24)),
        ("dmy", "12/03/1985 00:00:00", date(1985, 3, 12)),
        ("mdy", "12/03/1985", date(1985, 12, 3)),
        ("dmy", "24-12-85", date(1985, 12, 24)),
        ("ymd", "85-12-24", date(1985, 12, 24)),
        ("dmy", "24.12.27", date(1927, 12, 24)),
        ("ymd", "19851224", date(1985, 12, 24)),
        ("ymd", "851224", date(1985, 12, 24)),
        ("ymd", "۱۳۶۲/۰۴/۰۵", date(1983, 6, 26)),
        ("ymd", "١٣٦٢/٠٤/٠٥", date(1983, 6, 26)),
        ("ymd", "1362/04/05", date(1983, 6, 26)),
        ("dmy", "31.2.1985", None),
        ("dmy", "24.12", None),
        ("dmy", "24.12.985", None),
        ("dmy", "1.1.3000", None),
        ("dmy", "unknown", None),
        ("dmy", "", None),
    ],
)
def test_c14_birth_dates_are_read(order: str, text: str, born: date | None) -> None:
    assert Days(order, TODAY).born(text) == born


def test_c14_two_digits_are_a_year_that_makes_sense() -> None:
    assert Days("ymd", TODAY, jalali=True).born("62/04/05") == date(1983, 6, 26)
    assert Days("ymd", TODAY, jalali=True).on("06/01/05") == date(2027, 3, 25)
    assert Days("dmy", TODAY).on("24.12.26") == date(2026, 12, 24)
    assert Days("dmy", TODAY).on("05.01.27") == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("texts", "country", "order", "is_sure"),
    [
        (["12/03/1985", "24/12/1985"], "CH", "dmy", True),
        (["12/03/1985", "12/24/1985"], "CH", "mdy", True),
        (["12/03/1985", "01/02/1990"], "CH", "dmy", False),
        (["1985-12-24"], "DK", "ymd", True),
        (["85-12-24", "01-02-03"], "SE", "ymd", True),
        (["01-02-03"], "SE", "ymd", False),
        (["01-02-03"], "NO", "dmy", False),
        (["01/02/1990"], "SE", "dmy", False),
        ([], "NO", "dmy", True),
    ],
)
def test_c14_the_order_is_told_by_all_dates_of_a_file(
    texts: list[str], country: str, order: str, is_sure: bool
) -> None:
    found = order_of(texts, country)
    assert (found.order, found.is_sure) == (order, is_sure)


def test_c14_a_file_with_two_orders_is_noticed() -> None:
    assert are_mixed(["24/12/1985", "12/24/1985", "01/02/1990"])
    assert not are_mixed(["24/12/1985", "1985-12-24", "01/02/1990"])


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("14:30", time(14, 30)),
        ("14.30", time(14, 30)),
        ("kl. 14.30", time(14, 30)),
        ("14h30", time(14, 30)),
        ("14h", time(14)),
        ("1430", time(14, 30)),
        ("830", time(8, 30)),
        ("2:30 PM", time(14, 30)),
        ("12:05 a.m.", time(0, 5)),
        ("۱۴:۳۰", time(14, 30)),
        ("14:30:00", time(14, 30)),
        ("24.12.2026 14:30", time(14, 30)),
        ("2026-12-24T14:30", time(14, 30)),
        ("20261224 1430", time(14, 30)),
        ("24.12.2026", None),
        ("25:00", None),
        ("", None),
    ],
)
def test_c14_times_of_day_are_read(text: str, at: time | None) -> None:
    assert clock(text) == at


@given(st.dates(date(1911, 1, 1), TODAY))
def test_c14_what_is_written_whole_is_read_back_in_both_calendars(day: date) -> None:
    year, month, of_month = calendar_parts(day, "fa")
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{year}/{int(month):02}/{int(of_month):02}"):
        assert Days("dmy", TODAY).born(text) == day
    assert Days("dmy", TODAY).born(f"{day:%d.%m.%Y}") == Days("mdy", TODAY).born(f"{day:%m/%d/%Y}") == day

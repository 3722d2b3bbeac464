"""Public holidays by country, region and language (PRODUCT S9)."""

from datetime import date, timedelta

import pytest

from shared.clinic.plan.holidays import PACKAGE_CODES, PublicHolidays
from shared.texts.language import LANGUAGES


@pytest.mark.parametrize(
    ("country", "language", "day", "name"),
    [
        ("SE", "sv", date(2026, 12, 25), "Juldagen"),
        ("NO", "nb", date(2026, 5, 17), "Grunnlovsdag"),
        ("DK", "da", date(2026, 12, 25), "Juledag"),
        ("CH", "fr", date(2026, 8, 1), "Fête nationale"),
        ("SE", "fr", date(2026, 12, 25), "Juldagen"),
        ("SE", None, date(2026, 12, 25), "Juldagen"),
    ],
)
def test_s9_holidays_have_their_names_in_the_clinics_language_or_the_countrys(
    country: str, language: str | None, day: date, name: str
) -> None:
    assert PublicHolidays(country, language=language).get(day) == name


def test_s9_iranian_holidays_have_persian_names() -> None:
    assert "نوروز" in (PublicHolidays("IR", language="fa").get(date(2026, 3, 21)) or "")


def test_s9_a_holiday_has_a_name_in_each_language_that_is_known() -> None:
    assert PublicHolidays("SE", language="sv").names(date(2026, 12, 25)) == {"en": "Christmas Day", "sv": "Juldagen"}
    assert PublicHolidays("CH", language="fr").names(date(2026, 8, 1)) == {"en": "National Day", "fr": "Fête nationale"}
    assert PublicHolidays("SE").names(date(2026, 11, 29)) == {}
    assert PublicHolidays(None).names(date(2026, 12, 25)) == {}


def test_s9_that_the_date_of_a_holiday_was_worked_out_is_no_part_of_its_name() -> None:
    iran = PublicHolidays("IR", language="fa")
    year = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
    told = [name for day in year for name in (iran.get(day), *iran.names(day).values()) if name]
    assert "Eid al-Fitr" in told
    assert not [name for name in told if "estimated" in name or "تخمینی" in name]


def test_s9_a_region_has_holidays_of_its_own() -> None:
    geneva_fast = date(2026, 9, 10)
    assert PublicHolidays("CH", "GE", "fr").get(geneva_fast) is not None
    assert PublicHolidays("CH", "VD", "fr").get(geneva_fast) is None


def test_s9_ordinary_sundays_are_no_holidays() -> None:
    assert PublicHolidays("SE").get(date(2026, 11, 29)) is None


@pytest.mark.parametrize(("country", "region"), [(None, None), ("XX", None), ("SE", "QQ")])
def test_s9_an_unknown_country_has_none(country: str | None, region: str | None) -> None:
    assert PublicHolidays(country, region).get(date(2026, 12, 25)) is None


def test_s9_every_year_is_worked_out_when_it_is_asked_for() -> None:
    holidays = PublicHolidays("SE", language="sv")
    assert [holidays.get(date(year, 1, 6)) for year in (2026, 2027, 2030)] == ["Trettondedag jul"] * 3


def test_s9_holidays_may_have_names_in_every_language_of_ours() -> None:
    assert {*PACKAGE_CODES} == {*LANGUAGES}

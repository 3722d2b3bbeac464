"""Dates, times, lengths and money as each language writes them (PRODUCT, Languages)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.texts import language

DAY = date(2026, 12, 1)
AFTERNOON = datetime(2026, 12, 1, 14, 5, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "Tuesday 1 December 2026"),
        ("sv", "tisdag 1 december 2026"),
        ("nb", "tirsdag 1. desember 2026"),
        ("da", "tirsdag den 1. december 2026"),
        ("fr", "mardi 1er décembre 2026"),
        ("fa", "سه‌شنبه ۱۰ آذر ۱۴۰۵"),
    ],
)
def test_a_day_is_written_in_full_as_each_language_does(code, written):
    assert language.format_date(DAY, code) == written


@pytest.mark.parametrize(
    ("code", "written"), [("en", "Tue 1 Dec"), ("sv", "tis 1 dec."), ("fr", "mar. 1er déc."), ("fa", "سه‌شنبه ۱۰ آذر")]
)
def test_a_short_day_leaves_the_year_out(code, written):
    assert language.format_short_date(DAY, code).replace(",", "") == written


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "21 June 1969"),
        ("sv", "21 juni 1969"),
        ("da", "21. juni 1969"),
        ("fr", "21 juin 1969"),
        ("fa", "۳۱ خرداد ۱۳۴۸"),
    ],
)
def test_a_date_of_birth_has_its_year_and_no_weekday(code, written):
    assert language.format_birth_date(date(1969, 6, 21), code) == written


@pytest.mark.parametrize(
    ("code", "written"), [("en", "14:05"), ("sv", "14:05"), ("da", "14.05"), ("fr", "14h05"), ("fa", "۱۴:۰۵")]
)
def test_times_are_those_of_the_wall_clock_by_24_hours(code, written):
    assert language.format_time(AFTERNOON, code) == written
    assert language.format_time(AFTERNOON.astimezone(UTC), "en") == "13:05"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "Tuesday 1 December 2026 at 14:05"),
        ("da", "tirsdag den 1. december 2026 kl. 14.05"),
        ("fr", "mardi 1er décembre 2026 à\u00a014h05"),
        ("fa", "سه‌شنبه ۱۰ آذر ۱۴۰۵، ساعت ۱۴:۰۵"),
    ],
)
def test_a_moment_is_the_day_and_its_time(code, written):
    assert language.format_moment(AFTERNOON, code) == written


@pytest.mark.parametrize(
    ("minutes", "code", "written"),
    [
        (45, "en", "45 min"),
        (60, "en", "1 h"),
        (75, "en", "1 h 15 min"),
        (75, "sv", "1 tim 15 min"),
        (75, "nb", "1 t 15 min"),
        (75, "da", "1 t. 15 min."),
        (75, "fr", "1 h 15 min"),
        (75, "fa", "۱ ساعت و ۱۵ دقیقه"),
        (0, "en", "0 min"),
    ],
)
def test_lengths_are_hours_and_minutes(minutes, code, written):
    assert language.format_length(minutes, code).replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("amount", "currency", "code", "written"),
    [
        ("995.00", "SEK", "sv", "995 kr"),
        ("995.50", "SEK", "sv", "995,50 kr"),
        ("995.00", "SEK", "en", "SEK 995"),
        ("1250.00", "NOK", "nb", "1 250 kr"),
        ("1250.00", "DKK", "da", "1.250 kr."),
        ("79.50", "CHF", "fr", "CHF 79.50"),
        ("150.00", "CHF", "fr", "CHF 150"),
        ("2500000", "IRR", "fa", "۲٬۵۰۰٬۰۰۰ ریال"),
    ],
)
def test_prices_are_written_as_each_language_does(amount, currency, code, written):
    assert language.format_price(amount, currency, code).replace("\u00a0", " ") == written


def test_the_persian_week_starts_on_saturday_and_the_others_on_monday():
    assert language.first_weekday("fa") == 5
    assert language.weekday_names("fa")[0] == ("ش", "شنبه")
    assert language.weekday_names("fa")[1] == ("ی", "یک‌شنبه")
    assert language.first_weekday("fr") == 0
    assert language.weekday_names("nb")[0] == ("man", "mandag")


def test_a_month_is_the_month_of_the_languages_calendar():
    assert language.month_of(DAY, "en") == (date(2026, 12, 1), date(2026, 12, 31))
    assert language.month_of(DAY, "fa") == (date(2026, 11, 22), date(2026, 12, 21))
    assert language.format_month(DAY, "sv") == "december 2026"
    assert language.format_month(DAY, "fa") == "آذر ۱۴۰۵"
    assert language.day_of_month(DAY, "fa") == "۱۰"


@pytest.mark.parametrize("code", ["en", "fa"])
def test_months_follow_each_other_without_gap_through_leap_years(code):
    day = date(2027, 1, 1)
    for _ in range(70):
        first, last = language.month_of(day, code)
        assert first <= day <= last
        assert language.day_of_month(first, code) in {"1", "۱"}
        day = last + timedelta(days=1)
        assert language.month_of(day, code)[0] == day


def test_a_date_is_read_by_the_readers_own_calendar():
    assert language.calendar_date(1405, 9, 10, "fa") == DAY
    assert language.calendar_date(2026, 12, 1, "sv") == DAY


@pytest.mark.parametrize(
    ("parts", "code"), [((2026, 2, 30), "en"), ((1405, 12, 30), "fa"), ((0, 1, 1), "en"), ((10**20, 1, 1), "fa")]
)
def test_a_date_that_no_calendar_has_is_refused(parts, code):
    with pytest.raises(ValueError, match=r"."):
        language.calendar_date(*parts, code)


def test_only_persian_is_written_from_right_to_left():
    assert [code for code in language.LANGUAGES if language.is_right_to_left(code)] == ["fa"]


@pytest.mark.parametrize(
    ("header", "wanted", "offered", "chosen"),
    [
        (None, None, ["sv", "en"], "sv"),
        ("en-GB,en;q=0.9", None, ["sv", "en"], "en"),
        ("fr", None, ["sv", "en"], "sv"),
        ("en;q=0.2, sv;q=0.8", None, ["en", "sv"], "sv"),
        ("en;q=0, sv;q=0.1", None, ["en", "sv"], "sv"),
        ("no", None, ["en", "nb"], "nb"),
        ("sv", "fa", ["sv"], "fa"),
        ("sv", "xx", ["en", "sv"], "sv"),
        ("en;q=broken,,;;,sv", None, ["en", "sv"], "sv"),
        ("en", None, ["de"], "en"),
    ],
)
def test_the_asked_for_language_wins_then_the_browsers_then_the_clinics_first(header, wanted, offered, chosen):
    assert language.choose_language(header, wanted, offered) == chosen


def test_the_clinics_own_text_falls_back_to_its_default_language():
    assert language.localized({"sv": "Hej", "en": "Hello"}, "en", "sv") == "Hello"
    assert language.localized({"sv": "Hej"}, "en", "sv") == "Hej"
    assert language.localized({"da": "Hej"}, "en", "sv") == "Hej"
    assert language.localized(None, "en", "sv") is None


def test_a_text_that_a_catalogue_lacks_comes_back_in_english(tmp_path: Path):
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / "sv.po").write_text(header + 'msgid "Time"\nmsgstr "Tid"\n', encoding="utf-8")
    swedish = language.translations(tmp_path, "sv")
    assert swedish.gettext("Time") == "Tid"
    assert swedish.gettext("Practitioner") == "Practitioner"
    assert language.translations(tmp_path, "nb").gettext("Time") == "Time"
    assert language.translations(tmp_path, "../sv").gettext("Time") == "Time"


def test_nothing_is_translated_by_nothing_not_by_the_head_of_the_catalogue(tmp_path: Path):
    (tmp_path / "sv.po").write_text(
        'msgid ""\nmsgstr "Language: sv\\n"\n\nmsgid "Time"\nmsgstr "Tid"\n', encoding="utf-8"
    )
    assert language.translations(tmp_path, "sv").gettext("") == ""


def test_a_sentence_made_with_numbers_is_translated_by_its_form_with_the_languages_digits(tmp_path: Path):
    (tmp_path / "fa.po").write_text('msgid "From {0} to {1}."\nmsgstr "تا {1}، از {0}."\n', encoding="utf-8")
    catalogue = language.translations(tmp_path, "fa")
    assert catalogue.gettext("From 12 to 500.") == "تا ۵۰۰، از ۱۲."
    assert catalogue.gettext("Since 12.") == "Since 12."
    assert language.translations(tmp_path, "en").gettext("From 12 to 500.") == "From 12 to 500."

"""Numbers, telephones, names, lengths as files have them, also after a spreadsheet (PRODUCT C14)."""

from datetime import date

import pytest

from shared.moving_in import values
from shared.moving_in.dates import Days

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("scheme", "text", "number"),
    [
        ("se.personnummer", "121212-1212", "201212121212"),
        ("se.personnummer", "191212121212", "191212121212"),
        ("se.personnummer", "191212121212.0", "191212121212"),
        ("no.fodselsnummer", "131169 00216", "13116900216"),
        ("dk.cpr", "251248-9996", "2512489996"),
        ("dk.cpr", "101010004", "0101010004"),
        ("ch.ssn", "756.9217.0769.85", "7569217076985"),
        ("ir.melli", "۹۹۹۰۰۰۰۰۰۱", "9990000001"),
        ("ir.melli", "not known", "not known"),
        ("none", "anything", "anything"),
    ],
)
def test_c14_national_numbers_of_five_countries(scheme: str, text: str, number: str) -> None:
    assert values.number(text, scheme, TODAY) == number


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("SE", "070-174 06 05", "+46701740605"),
        ("SE", "701740605", "+46701740605"),
        ("SE", "46701740605", "+46701740605"),
        ("SE", "0046701740605", "+46701740605"),
        ("NO", "406 12 345", "+4740612345"),
        ("DK", "+45 20 12 34 56", "+4520123456"),
        ("CH", "079 123 45 67", "+41791234567"),
        ("CH", "791234567", "+41791234567"),
        ("IR", "۰۹۱۲۳۴۵۶۷۸۹", "+989123456789"),
        ("IR", "9123456789", "+989123456789"),
        ("SE", "call the mother", "call the mother"),
    ],
)
def test_c14_telephones_of_five_countries_with_the_zeros_that_a_spreadsheet_took(
    country: str, text: str, number: str
) -> None:
    assert values.telephone(text, country) == number


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("Anna Berg", ("Anna", "Berg")),
        ("Berg, Anna Maria", ("Anna Maria", "Berg")),
        ("Anna Maria Berg", ("Anna Maria", "Berg")),
        ("رضایی، علی", ("علی", "رضایی")),
        ("Anna", ("", "Anna")),
    ],
)
def test_c14_whole_names_are_parted(whole: str, parts: tuple[str, str]) -> None:
    assert values.names(whole) == parts


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30", 30), ("30 min", 30), ("۳۰", 30), ("0:45", 45),
     ("1:15", 75), ("1 t 15 min", 75), ("1h", 60), ("2 timer", 120),
     ("0", None), ("99999", None), ("long", None)],
)  # fmt: skip
def test_c14_lengths(text: str, minutes: int | None) -> None:
    assert values.minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "week"),
    [("2026-W49", "2026-W49"), ("2026-49", "2026-W49"), ("2026 v 49", "2026-W49"), ("202649", "2026-W49"),
     ("49/2026", "2026-W49"), ("uge 49 2026", "2026-W49"), ("2026-12-01", "2026-W49"), ("01.12.2026", "2026-W49"),
     ("۱۴۰۵/۰۹/۱۰", "2026-W49"), ("2026-W54", None), ("soon", None)],
)  # fmt: skip
def test_c14_weeks_and_dates_in_weeks(text: str, week: str | None) -> None:
    assert values.week(text, Days("dmy", TODAY)) == week


@pytest.mark.parametrize(
    ("text", "said"),
    [("Ja", True), ("oui", True), ("1", True), ("X", True), ("بله", True), ("nej", False), ("Non", False), ("۰", False),
     ("perhaps", None)],
)  # fmt: skip
def test_c14_yes_and_no_in_six_languages(text: str, said: bool | None) -> None:
    assert values.answer(text) is said


@pytest.mark.parametrize("text", ["Avbokad", "avlyst", "Annulé", "cancelled", "لغو شده", "X"])
def test_c14_cancelled_in_six_languages(text: str) -> None:
    assert values.is_cancelled(text)
    assert not values.is_cancelled("Bokad")

"""National numbers as PRODUCT B4 asks. Numbers are invented or published."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, luhn
from stdnum.no import fodselsnummer

from shared.identity.numbers import SCHEMES, age_on, birth_date, carries_birth_dates, check_number, readable_number

TODAY = date(2026, 12, 1)
NOT_RIGHT = "digit by digit"


def table(accepted: str) -> list[tuple[str, str, str, date | None]]:
    """Return scheme, what is typed, number and birth date of the table's rows that are accepted so."""
    with (Path(__file__).parent / "national_numbers.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["accepted"] == accepted]
    return [(row["scheme"], row["typed"], row["number"], _date(row["born"])) for row in rows]


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def norwegian(nine_digits: str) -> str:
    """Complete an invented Norwegian number with its two check digits."""
    first = nine_digits + fodselsnummer.calc_check_digit1(nine_digits)
    return first + fodselsnummer.calc_check_digit2(first)


def swedish(nine_digits: str) -> str:
    """Complete an invented Swedish number (YYMMDDNNN) with its check digit."""
    return nine_digits + luhn.calc_check_digit(nine_digits)


@pytest.mark.parametrize(("scheme", "typed", "number", "born"), table("always"))
def test_b4_a_number_that_is_given_out_is_accepted(scheme: str, typed: str, number: str, born: date | None) -> None:
    assert check_number(scheme, typed, today=TODAY) == number
    assert check_number(scheme, typed, today=TODAY, test_numbers=True) == number
    assert birth_date(scheme, number) == born


@pytest.mark.parametrize(("scheme", "typed", "number", "born"), table("tests"))
def test_b4_a_number_made_for_tests_is_accepted_only_where_it_is_asked_for(
    scheme: str, typed: str, number: str, born: date | None
) -> None:
    with pytest.raises(ValueError, match=NOT_RIGHT):
        check_number(scheme, typed, today=TODAY)
    assert check_number(scheme, typed, today=TODAY, test_numbers=True) == number
    assert birth_date(scheme, number) == born


@pytest.mark.parametrize(("scheme", "typed", "number", "born"), table("never"))
def test_b4_a_number_that_is_never_given_out_is_not_right(
    scheme: str, typed: str, number: str, born: date | None
) -> None:
    for test_numbers in (False, True):
        with pytest.raises(ValueError, match=NOT_RIGHT):
            check_number(scheme, typed, today=TODAY, test_numbers=test_numbers)


@pytest.mark.parametrize(
    "text",
    ["811228-9874", "8112289874", "19811228-9874", "198112289874", " 811228 - 9874 ", "811228–9874", "۸۱۱۲۲۸-۹۸۷۴"],
)
def test_b4_a_swedish_number_has_one_form_however_it_is_written(text: str) -> None:
    assert check_number("se.personnummer", text, today=TODAY) == "198112289874"


def test_b4_the_swedish_plus_means_one_hundred_years_or_more() -> None:
    digits = swedish("121212121")
    assert check_number("se.personnummer", f"{digits[:6]}+{digits[6:]}", today=TODAY) == f"19{digits}"
    assert check_number("se.personnummer", f"{digits[:6]}-{digits[6:]}", today=TODAY) == f"20{digits}"


def test_b4_in_the_year_of_the_hundredth_birthday_the_plus_is_already_there() -> None:
    digits = swedish("261224121")
    assert check_number("se.personnummer", f"{digits[:6]}+{digits[6:]}", today=TODAY) == f"19{digits}"
    with pytest.raises(ValueError, match="Swedish"):
        check_number("se.personnummer", f"{digits[:6]}-{digits[6:]}", today=TODAY)


def test_b4_a_swedish_coordination_number_adds_sixty_to_the_day() -> None:
    number = check_number("se.personnummer", "701063-2391", today=TODAY)  # the example of the tax agency's SKV 707
    assert number == "197010632391"
    assert birth_date("se.personnummer", number) == date(1970, 10, 3)


def test_b4_a_coordination_number_without_known_day_carries_no_birth_date() -> None:
    number = check_number("se.personnummer", swedish("700060239"), today=TODAY)
    assert birth_date("se.personnummer", number) is None


@given(year=st.integers(1900, 2025), month=st.integers(0, 12), day=st.integers(60, 91), serial=st.integers(1, 999))
def test_b4_every_coordination_number_that_the_authority_may_give_out_is_accepted(
    year: int, month: int, day: int, serial: int
) -> None:
    number = f"{year // 100}{swedish(f'{year % 100:02}{month:02}{day:02}{serial:03}')}"
    assert check_number("se.personnummer", number, today=TODAY) == number
    born = birth_date("se.personnummer", number)
    assert born is None or (born.year, born.month, born.day) == (year, month, day - 60)


@pytest.mark.parametrize("text", ["811228", "", "x811228-9874", "81122898745"])
def test_b4_what_has_not_the_form_of_a_swedish_number_is_told_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="10 or 12 digits"):
        check_number("se.personnummer", text, today=TODAY)


@pytest.mark.parametrize("text", ["811228-9875", swedish("811328987"), swedish("811292987"), swedish("810028987")])
def test_b4_a_swedish_number_with_a_wrong_digit_is_not_told_to_have_as_many_digits_as_it_has(text: str) -> None:
    with pytest.raises(ValueError, match=NOT_RIGHT):
        check_number("se.personnummer", text, today=TODAY)


@pytest.mark.parametrize(
    ("nine_digits", "born"),
    [
        ("311299500", date(1899, 12, 31)),
        ("010154749", date(1854, 1, 1)),
        ("010100499", date(1900, 1, 1)),
        ("151086950", date(1986, 10, 15)),
        ("010140900", date(1940, 1, 1)),
        ("311299499", date(1999, 12, 31)),
        ("150610500", date(2010, 6, 15)),
        ("150610999", date(2010, 6, 15)),
        ("550610500", date(2010, 6, 15)),
        ("711299501", date(1899, 12, 31)),
    ],
)
def test_b4_the_norwegian_individual_number_tells_the_century(nine_digits: str, born: date) -> None:
    number = check_number("no.fodselsnummer", norwegian(nine_digits), today=TODAY)
    assert birth_date("no.fodselsnummer", number) == born


@pytest.mark.parametrize("nine_digits", ["801086950", "811086950", "310286100", "151386950", "011328999"])
def test_b4_norwegian_numbers_outside_the_register_are_refused(nine_digits: str) -> None:
    with pytest.raises(ValueError, match=NOT_RIGHT):
        check_number("no.fodselsnummer", norwegian(nine_digits), today=TODAY)


def test_b4_a_norwegian_number_of_somebody_who_is_not_born_yet_is_refused() -> None:
    with pytest.raises(ValueError, match=NOT_RIGHT):
        check_number("no.fodselsnummer", norwegian("150628999"), today=TODAY)


@pytest.mark.parametrize("nine_digits", ["020132999", "301082999", "010150600", "150610999", "420132999"])
def test_b4_from_2032_the_first_norwegian_check_digit_has_up_to_four_values(nine_digits: str) -> None:
    """Every one that leaves a remainder of 0 to 3 (modulo 11) is right, and no other."""
    sums = sum(int(digit) * weight for digit, weight in zip(nine_digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True))
    for first in range(10):
        digits = f"{nine_digits}{first}"
        digits += fodselsnummer.calc_check_digit2(digits)
        if len(digits) == 11 and (sums + first) % 11 <= 3:
            assert check_number("no.fodselsnummer", digits, today=TODAY) == digits
        else:
            with pytest.raises(ValueError, match=r"Norwegian|digit by digit"):
                check_number("no.fodselsnummer", digits, today=TODAY)


def test_b4_a_norwegian_number_with_a_wrong_check_digit_is_refused() -> None:
    assert check_number("no.fodselsnummer", "151086 95088", today=TODAY) == "15108695088"
    for wrong in ("15108695089", "15108695078"):
        with pytest.raises(ValueError, match=NOT_RIGHT):
            check_number("no.fodselsnummer", wrong, today=TODAY)
    with pytest.raises(ValueError, match="11 digits"):
        check_number("no.fodselsnummer", "1510869508", today=TODAY)


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("010100-0001", date(1900, 1, 1)),
        ("311299-3001", date(1999, 12, 31)),
        ("010136-4001", date(2036, 1, 1)),
        ("010137-4001", date(1937, 1, 1)),
        ("010157-5001", date(2057, 1, 1)),
        ("010158-5001", date(1858, 1, 1)),
        ("311299-8001", date(1899, 12, 31)),
        ("010136-9001", date(2036, 1, 1)),
        ("010137-9001", date(1937, 1, 1)),
        ("010107-5001", date(2007, 1, 1)),
    ],
)
def test_b4_the_seventh_digit_of_a_danish_number_tells_the_century(text: str, born: date) -> None:
    number = check_number("dk.cpr", text, today=date(2060, 1, 1))
    assert birth_date("dk.cpr", number) == born


def test_b4_a_danish_number_needs_no_modulus_11_since_2007() -> None:
    assert check_number("dk.cpr", "070761-4285", today=TODAY) == "0707614285"  # the CPR office's published example
    assert check_number("dk.cpr", "070761-4286", today=TODAY) == "0707614286"


@pytest.mark.parametrize("text", ["310299-1234", "671262-5629", "010127-4001"])
def test_b4_a_danish_number_with_an_impossible_or_coming_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=NOT_RIGHT):
        check_number("dk.cpr", text, today=TODAY)


def test_b4_what_has_not_the_form_of_a_danish_number_is_told_the_form() -> None:
    with pytest.raises(ValueError, match="Danish CPR"):
        check_number("dk.cpr", "21106256290", today=TODAY)


def test_b4_a_swiss_number_is_an_ean_13_that_starts_with_756() -> None:
    assert check_number("ch.ssn", "756.9217.0769.85") == "7569217076985"  # the insurance office's published example
    assert birth_date("ch.ssn", "7569217076985") is None
    other_country = "760921707698" + ean.calc_check_digit("760921707698")
    for wrong in (other_country, "756.9217.0769"):
        with pytest.raises(ValueError, match="756"):
            check_number("ch.ssn", wrong)
    with pytest.raises(ValueError, match=NOT_RIGHT):
        check_number("ch.ssn", "756.9217.0769.84")


@pytest.mark.parametrize("text", ["0084575948", "۰۰۸۴۵۷۵۹۴۸", "٠٠٨٤٥٧٥٩٤٨", "008-457594-8", "\u200f0084575948"])
def test_b4_an_iranian_number_is_checked_in_any_digits(text: str) -> None:
    assert check_number("ir.melli", text) == "0084575948"


def test_b4_an_iranian_check_digit_below_two_stands_as_it_is() -> None:
    assert check_number("ir.melli", "0000000051")  # 5 * 2 = 10, above 1: 11 - 10 = 1
    assert check_number("ir.melli", "1000000011")  # 10 + 2 = 12, 12 % 11 = 1: 1
    assert check_number("ir.melli", "0100000010")  # 9 + 2 = 11, 11 % 11 = 0: 0


@pytest.mark.parametrize("text", ["0084575949", "1111111111", "0000000000"])
def test_b4_a_wrong_iranian_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=NOT_RIGHT):
        check_number("ir.melli", text)


@pytest.mark.parametrize("text", ["4575948", "00845759480", "008457594x"])
def test_b4_what_has_not_the_form_of_an_iranian_number_is_told_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="10 digits"):
        check_number("ir.melli", text)


def test_b4_refusals_never_repeat_what_was_typed() -> None:
    for scheme in SCHEMES:
        with pytest.raises(ValueError, match=r"^[A-Z].*\.$") as refused:
            check_number(scheme, "323456-9876", today=TODAY)
        assert "323456" not in str(refused.value)


def test_b8_swedish_norwegian_and_danish_numbers_carry_birth_dates() -> None:
    assert [scheme for scheme in SCHEMES if carries_birth_dates(scheme)] == [
        "se.personnummer", "no.fodselsnummer", "dk.cpr",
    ]  # fmt: skip


def test_b8_the_birthday_itself_counts() -> None:
    assert age_on(date(2002, 12, 1), date(2026, 12, 1)) == 24
    assert age_on(date(2002, 12, 2), date(2026, 12, 1)) == 23
    assert age_on(date(2004, 2, 29), date(2027, 2, 28)) == 22
    assert age_on(date(2004, 2, 29), date(2027, 3, 1)) == 23


@pytest.mark.parametrize(
    ("scheme", "number", "read"),
    [
        ("se.personnummer", "191212121212", "19121212-1212"),
        ("se.personnummer", "19121212••••", "19121212-••••"),
        ("no.fodselsnummer", "13116900216", "131169 00216"),
        ("dk.cpr", "2512489996", "251248-9996"),
        ("ch.ssn", "7569217076985", "756.9217.0769.85"),
        ("ir.melli", "9990000001", "9990000001"),
        ("none", "12", "12"),
    ],
)
def test_a_number_is_shown_as_it_is_printed_on_peoples_cards(scheme: str, number: str, read: str) -> None:
    assert readable_number(scheme, number) == read

"""National numbers as PRODUCT B4 asks. Numbers are invented or published."""

from datetime import date

import pytest
from stdnum import ean, luhn
from stdnum.no import fodselsnummer

from shared.identity.numbers import SCHEMES, age_on, birth_date, check_number

TODAY = date(2026, 12, 1)


def norwegian(nine_digits: str) -> str:
    """Complete an invented Norwegian number with its two check digits."""
    first = nine_digits + fodselsnummer.calc_check_digit1(nine_digits)
    return first + fodselsnummer.calc_check_digit2(first)


def swedish(nine_digits: str) -> str:
    """Complete an invented Swedish number (YYMMDDNNN) with its check digit."""
    return nine_digits + luhn.calc_check_digit(nine_digits)


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


@pytest.mark.parametrize("text", ["811228-9875", "811328-" + swedish("811328987")[6:], "811228", "", "x811228-9874"])
def test_b4_a_wrong_swedish_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="10 or 12 digits"):
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


@pytest.mark.parametrize("nine_digits", ["010150600", "010145800", "155086950", "158086950", "801086950", "310286100"])
def test_b4_norwegian_numbers_outside_the_register_are_refused(nine_digits: str) -> None:
    with pytest.raises(ValueError, match="Norwegian"):
        check_number("no.fodselsnummer", norwegian(nine_digits), today=TODAY)


def test_b4_a_norwegian_number_with_a_wrong_check_digit_is_refused() -> None:
    assert check_number("no.fodselsnummer", "151086 95088", today=TODAY) == "15108695088"
    for wrong in ("15108695089", "15108695078", "1510869508"):
        with pytest.raises(ValueError, match="11 digits"):
            check_number("no.fodselsnummer", wrong, today=TODAY)


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


@pytest.mark.parametrize("text", ["310299-1234", "671262-5629", "010127-4001", "21106256290"])
def test_b4_a_danish_number_with_an_impossible_or_coming_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Danish CPR"):
        check_number("dk.cpr", text, today=TODAY)


def test_b4_a_swiss_number_is_an_ean_13_that_starts_with_756() -> None:
    assert check_number("ch.ssn", "756.9217.0769.85") == "7569217076985"  # the insurance office's published example
    assert birth_date("ch.ssn", "7569217076985") is None
    other_country = "760921707698" + ean.calc_check_digit("760921707698")
    for wrong in ("756.9217.0769.84", other_country, "756.9217.0769"):
        with pytest.raises(ValueError, match="756"):
            check_number("ch.ssn", wrong)


@pytest.mark.parametrize("text", ["0084575948", "۰۰۸۴۵۷۵۹۴۸", "٠٠٨٤٥٧٥٩٤٨", "008-457594-8", "\u200f0084575948"])
def test_b4_an_iranian_number_is_checked_in_any_digits(text: str) -> None:
    assert check_number("ir.melli", text) == "0084575948"


def test_b4_an_iranian_check_digit_below_two_stands_as_it_is() -> None:
    assert check_number("ir.melli", "0000000051")  # 5 * 2 = 10, above 1: 11 - 10 = 1
    assert check_number("ir.melli", "1000000011")  # 10 + 2 = 12, 12 % 11 = 1: 1
    assert check_number("ir.melli", "0100000010")  # 9 + 2 = 11, 11 % 11 = 0: 0


@pytest.mark.parametrize("text", ["0084575949", "1111111111", "0000000000", "84575948", "00845759480", "008457594x"])
def test_b4_a_wrong_iranian_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="10 digits"):
        check_number("ir.melli", text)


def test_b4_refusals_never_repeat_what_was_typed() -> None:
    for scheme in SCHEMES:
        with pytest.raises(ValueError, match=r"^[A-Z].*\.$") as refused:
            check_number(scheme, "323456-9876", today=TODAY)
        assert "323456" not in str(refused.value)


def test_b8_the_birthday_itself_counts() -> None:
    assert age_on(date(2002, 12, 1), date(2026, 12, 1)) == 24
    assert age_on(date(2002, 12, 2), date(2026, 12, 1)) == 23
    assert age_on(date(2004, 2, 29), date(2027, 2, 28)) == 22
    assert age_on(date(2004, 2, 29), date(2027, 3, 1)) == 23

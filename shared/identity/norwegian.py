"""Norwegian fødselsnummer and D-numbers, and the numbers that stand for them in tests.

Forskrift til folkeregisterloven § 2-2-3, and for the numbers of 2032 and later Skatteetaten's "Nytt fødselsnummer fra
2032": the first check digit then has four valid values, and the individual number no longer tells the century.
"""

from datetime import date

from stdnum.exceptions import InvalidComponent
from stdnum.no import fodselsnummer

from shared.identity.digits import NotRight, digits_of, require_lived

_D_NUMBER_DAYS = 40
_TEST_MONTHS = (80, 40)  # added by Skatteetaten (Tenor) and by NAV (Dolly); 40 also by hospitals, in their H-numbers
_REMAINDERS = range(4)
_NEW_RULE = 2032
_CENTURIES = (1900, 2000)


def canonical(text: str, today: date, *, test_numbers: bool) -> str:
    """Return the 11 digits; raise NotRight, or ValueError where they are not so many.

    Numbers of no register, whose month is 40 or 80 too high, are right only where `test_numbers` are.
    """
    digits = digits_of(text, 11)
    if not _has_its_check_digits(digits):
        raise NotRight("wrong check digits")
    plain = _of_the_register(digits)
    if (plain != digits and not test_numbers) or not _has_a_date(plain):
        raise NotRight("a test register's or hospital's own number, or no date")
    require_lived(born(digits), today)
    return digits


def born(digits: str) -> date | None:
    """Return the date of birth; None where only the rule of 2032 explains the number, which tells no century."""
    if digits[9] != fodselsnummer.calc_check_digit1(digits):
        return None
    try:
        found: date = fodselsnummer.get_birth_date(_of_the_register(digits))
    except InvalidComponent:  # an individual number that no century had before
        return None
    return found if found.year < _NEW_RULE else None


def _has_its_check_digits(digits: str) -> bool:
    """Tell whether the last digit is right, and the one before it leaves a remainder of 0 (always) to 3 (from 2032)."""
    first = int(fodselsnummer.calc_check_digit1(digits))
    valid = {str((first + remainder) % 11) for remainder in _REMAINDERS}
    return digits[9] in valid and digits[10] == fodselsnummer.calc_check_digit2(digits)


def _of_the_register(digits: str) -> str:
    """Return the number with its real month."""
    month = int(digits[2:4])
    for added in _TEST_MONTHS:
        if month > added:
            return f"{digits[:2]}{month - added:02}{digits[4:]}"
    return digits


def _has_a_date(digits: str) -> bool:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    day -= _D_NUMBER_DAYS if day > _D_NUMBER_DAYS else 0
    return any(_exists(century + year, month, day) for century in _CENTURIES)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

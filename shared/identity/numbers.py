"""National numbers as people type them, by their real rules (B4).

Every check returns the one form that is stored and compared, or raises ValueError with a sentence that says what to
do and never repeats what was typed, since that is personal data.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from stdnum import exceptions, luhn
from stdnum.ch import ssn
from stdnum.dk import cpr
from stdnum.no import fodselsnummer

NONE = "none"
"""The scheme of clinics that ask for a birth date instead of a number."""

_COORDINATION_DAYS = 60  # added to the day of birth: Folkbokföringslagen (1991:481) 18 b §
_D_NUMBER_DAYS = 40  # added to the day of birth in a D-number: Forskrift til folkeregisterloven § 2-2-3


@dataclass(frozen=True)
class _Scheme:
    canonical: Callable[[str, date], str]
    born: Callable[[str], date | None]
    sentence: str


def check_number(scheme: str, text: str, *, today: date | None = None) -> str:
    """Return the number's canonical digits; raise ValueError with a sentence where it breaks its scheme's rule (B4).

    Spaces, hyphens, dots and any script's decimal digits are accepted. Swedish numbers become 12 digits: one
    written with 10 belongs to somebody under 100 on `today` (default: the present date), with `+` to somebody older.
    """
    rule = _SCHEMES.get(scheme)
    if rule is None:
        raise ValueError("This clinic asks for no number; give the birth date instead.")
    try:
        return rule.canonical(_plain(text), today or datetime.now(UTC).date())
    except (ValueError, exceptions.ValidationError):
        raise ValueError(rule.sentence) from None


def birth_date(scheme: str, number: str) -> date | None:
    """Return the birth date that a canonical number carries; None where it carries none (ch.ssn, ir.melli, none).

    Swedish coordination numbers of people whose day of birth is not known carry none either.
    """
    rule = _SCHEMES.get(scheme)
    return rule.born(number) if rule else None


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on `day`; somebody born on 29 February is a year older on 1 March (B8)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _plain(text: str) -> str:
    """Return ASCII digits and `+` of `text`, without spaces, dashes, dots and direction marks; other signs stay."""
    kept = (sign for sign in text if unicodedata.category(sign) not in {"Zs", "Cf", "Pd"} and sign not in ".−\t")
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in kept)


def _digits(text: str, *lengths: int) -> str:
    if not text.isascii() or not text.isdigit() or len(text) not in lengths:
        raise ValueError("wrong length or signs")
    return text


def _lived(born: date | None, today: date) -> None:
    if born is not None and born > today:
        raise ValueError("not born yet")


def _swedish(text: str, today: date) -> str:
    older = len(text) in (11, 13) and text[-5] == "+"
    digits = _digits(text[:-5] + text[-4:] if older else text, 10, 12)
    luhn.validate(digits[-10:])
    if len(digits) == 10:
        digits = f"{_swedish_century(int(digits[:2]), older=older, today=today)}{digits}"
    _lived(_swedish_born(digits), today)
    return digits


def _swedish_century(year: int, *, older: bool, today: date) -> int:
    """Return the century of a two-digit birth year.

    The hyphen becomes a plus in the year in which one turns 100 (Folkbokföringslagen 18 §).
    """
    century = today.year // 100 - (year > today.year % 100)
    return century - older


def _swedish_born(digits: str) -> date | None:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if day == _COORDINATION_DAYS and 0 <= month <= 12:
        return None
    return date(year, month, day - _COORDINATION_DAYS if day > _COORDINATION_DAYS else day)


def _norwegian(text: str, today: date) -> str:
    digits = _digits(text, 11)
    expected = fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits)
    if digits[-2:] != expected or int(digits[2:4]) > 12:
        raise ValueError("wrong check digits, or a hospital's or test register's own number")
    _lived(_norwegian_born(digits), today)
    return digits


def _norwegian_born(digits: str) -> date:
    born: date = fodselsnummer.get_birth_date(digits)
    return born


def _danish(text: str, today: date) -> str:
    digits = _digits(text, 10)
    _lived(_danish_born(digits), today)
    return digits


def _danish_born(digits: str) -> date:
    born: date = cpr.get_birth_date(digits)
    return born


def _swiss(text: str, _today: date) -> str:
    return str(ssn.validate(_digits(text, 13)))


def _iranian(text: str, _today: date) -> str:
    """Check digit of the کد ملی: nine digits weighted 10 to 2, modulo 11, subtracted from 11 unless below 2."""
    digits = _digits(text, 10)
    rest = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    if len(set(digits)) == 1 or int(digits[9]) != (rest if rest < 2 else 11 - rest):
        raise ValueError("wrong check digit")
    return digits


def _carries_none(_digits: str) -> None:
    return None


_SCHEMES = {
    "se.personnummer": _Scheme(
        _swedish,
        _swedish_born,
        "Give the Swedish personal or coordination number with 10 or 12 digits, as YYYYMMDD-NNNN.",
    ),
    "no.fodselsnummer": _Scheme(
        _norwegian,
        _norwegian_born,
        "Give the Norwegian national identity number or D-number with 11 digits, as DDMMYY NNNNN.",
    ),
    "dk.cpr": _Scheme(_danish, _danish_born, "Give the Danish CPR number with 10 digits, as DDMMYY-NNNN."),
    "ch.ssn": _Scheme(
        _swiss, _carries_none, "Give the Swiss AHV number with 13 digits, as 756.NNNN.NNNN.NN on the insurance card."
    ),
    "ir.melli": _Scheme(_iranian, _carries_none, "Give the Iranian national code with all its 10 digits."),
}

SCHEMES = (*_SCHEMES, NONE)
"""What a clinic document may name under `identity`."""

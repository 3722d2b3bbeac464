"""Swedish personnummer and samordningsnummer (coordination numbers).

Folkbokföringslagen (1991:481) 18 and 18 a §§; for what coordination numbers may hold, Skatteverket's "Navet, Bilaga 7
XML-struktur", 5.1.2 Personid: month 00 to 12, day 60 to 91, serial 001 to 999. A part of the date of birth that could
not be verified is 00, and days are counted up to 31 in every month.
"""

from datetime import date

from stdnum import luhn

from shared.identity.digits import NotRight, digits_of, require_lived

_COORDINATION_DAYS = 60
_COORDINATION = range(_COORDINATION_DAYS, _COORDINATION_DAYS + 32)


def canonical(text: str, today: date) -> str:
    """Return the 12 digits of a number written with 10 or 12; raise NotRight, or ValueError where it is none at all."""
    older = len(text) in (11, 13) and text[-5] == "+"
    digits = digits_of(text[:-5] + text[-4:] if older else text, 10, 12)
    if not luhn.is_valid(digits[-10:]) or digits[-4:-1] == "000":
        raise NotRight("wrong check digit, or a serial that is never given out")
    if len(digits) == 12:
        require_lived(_born_at_the_earliest(digits), today)
        return digits
    digits = f"{_century(int(digits[:2]), older=older, today=today)}{digits}"
    if _born_at_the_earliest(digits) > today:
        raise ValueError("of somebody who turns 100 this year: the plus is missing, or the century")
    return digits


def born(digits: str) -> date | None:
    """Return the date of birth in 12 digits; None in a coordination number whose date is not known or is none."""
    year, month, day = _date_parts(digits)
    try:
        return date(year, month, day - _COORDINATION_DAYS if day in _COORDINATION else day)
    except ValueError:
        return None


def _century(year: int, *, older: bool, today: date) -> int:
    """Return the century of a two-digit birth year.

    The hyphen becomes a plus in the year in which one turns 100 (Folkbokföringslagen 18 §).
    """
    century = today.year // 100 - (year > today.year % 100)
    return century - older


def _born_at_the_earliest(digits: str) -> date:
    year, month, day = _date_parts(digits)
    known = born(digits)
    if known is not None:
        return known
    if day not in _COORDINATION or not 0 <= month <= 12 or year == 0:
        raise NotRight("no date, nor a coordination number's")
    return date(year, month or 1, 1)


def _date_parts(digits: str) -> tuple[int, int, int]:
    return int(digits[:4]), int(digits[4:6]), int(digits[6:8])

"""Invented patients with numbers that pass each country's check; the same seed gives the same person."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

from stdnum import ean, luhn
from stdnum.exceptions import ValidationError
from stdnum.no import fodselsnummer

_FIRST_BORN = date(1960, 1, 1)


def _born(seed: int) -> date:
    return _FIRST_BORN + timedelta(days=seed % 12_000)


def _swedish(seed: int) -> str:
    digits = f"{_born(seed):%y%m%d}{200 + seed // 12_000:03d}"
    return f"{_born(seed):%Y%m%d}"[:2] + digits + luhn.calc_check_digit(digits)


def _norwegian(seed: int) -> str:
    for individual in count(100 + seed // 12_000):
        nine = f"{_born(seed):%d%m%y}{individual:03d}"
        try:
            number = nine + fodselsnummer.calc_check_digit1(nine)
            return fodselsnummer.validate(number + fodselsnummer.calc_check_digit2(number))
        except ValidationError:
            continue
    raise AssertionError("unreachable")


def _danish(seed: int) -> str:
    return f"{_born(seed):%d%m%y}{1000 + seed // 12_000:04d}"


def _swiss(seed: int) -> str:
    digits = f"756{seed:09d}"
    return digits + ean.calc_check_digit(digits)


def _iranian(seed: int) -> str:
    digits = f"{10_000_000 + seed:09d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return digits + str(rest if rest < 2 else 11 - rest)


_NUMBERS: dict[str, Callable[[int], str]] = {
    "se.personnummer": _swedish,
    "no.fodselsnummer": _norwegian,
    "dk.cpr": _danish,
    "ch.ssn": _swiss,
    "ir.melli": _iranian,
}

_MOBILES = {
    "SE": "+4670174{:04d}",
    "NO": "+479000{:04d}",
    "DK": "+452011{:04d}",
    "CH": "+4178700{:04d}",
    "IR": "+98912345{:04d}",
}


def a_patient(scheme: str, country: str, seed: int, **changes: Any) -> dict[str, Any]:
    """Return the `patient` of a booking for the seed-th invented person."""
    return {
        "national_id": _NUMBERS[scheme](seed),
        "first_name": "Test",
        "last_name": f"Person {seed}",
        "mobile": _MOBILES[country].format(seed % 10_000),
        "email": f"person{seed}@patients.example",
        **changes,
    }

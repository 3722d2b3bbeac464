"""National numbers as people type them, by their real rules (B4).

Every check returns the one form that is stored and compared, or raises ValueError with a sentence that says what to
do and never repeats what was typed, since that is personal data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from stdnum import ean
from stdnum.dk import cpr
from stdnum.exceptions import InvalidComponent

from shared.identity import norwegian, swedish
from shared.identity.digits import NotRight, digits_of, plain, require_lived

NONE = "none"
"""The scheme of clinics that ask for a birth date instead of a number."""

_NOT_RIGHT = "This number is not correct. Please check it digit by digit."


@dataclass(frozen=True)
class _Scheme:
    """How a scheme's numbers are read (`canonical`), what they tell (`born`), and which form they have (`form`).

    `parted` is how they are printed on people's cards: what stands after so many digits.
    """

    canonical: Callable[[str, date], str]
    born: Callable[[str], date | None]
    form: str
    parted: Mapping[int, str] = field(default_factory=dict)


def check_number(scheme: str, text: str, *, today: date | None = None, test_numbers: bool = False) -> str:
    """Return the number's canonical digits; raise ValueError with a sentence where it breaks its scheme's rule (B4).

    Spaces, hyphens, dots and any script's decimal digits are accepted. Swedish numbers become 12 digits: one
    written with 10 belongs to somebody under 100 on `today` (default: the present date), with `+` to somebody older.
    Iranian ones that lost the zeros in front get them back. With `test_numbers`, those that Norwegian registers make
    for tests are numbers as well.
    """
    rule = (_WITH_TEST_NUMBERS if test_numbers else _SCHEMES).get(scheme)
    if rule is None:
        raise ValueError("This clinic does not ask for a number. Enter the date of birth instead.")
    try:
        return rule.canonical(plain(text), today or datetime.now(UTC).date())
    except NotRight:
        raise ValueError(_NOT_RIGHT) from None
    except ValueError:
        raise ValueError(rule.form) from None


def readable_number(scheme: str, number: str) -> str:
    """Return a canonical number, or one of which digits are masked, as it is printed on people's cards."""
    parted = _SCHEMES[scheme].parted if scheme in _SCHEMES else {}
    return "".join(parted.get(place, "") + sign for place, sign in enumerate(number))


def birth_date(scheme: str, number: str) -> date | None:
    """Return the birth date that a canonical number carries; None where it carries none (ch.ssn, ir.melli, none).

    Swedish coordination numbers of people whose date of birth is not known carry none either, nor do Norwegian numbers
    that only the rule of 2032 explains.
    """
    rule = _SCHEMES.get(scheme)
    return rule.born(number) if rule else None


def carries_birth_dates(scheme: str) -> bool:
    """Tell whether the numbers of a scheme carry birth dates, as a rule."""
    return scheme in _SCHEMES and _SCHEMES[scheme].born is not _carries_none


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on `day`; somebody born on 29 February is a year older on 1 March (B8)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _norwegian(text: str, today: date) -> str:
    return norwegian.canonical(text, today, test_numbers=False)


def _norwegian_or_for_tests(text: str, today: date) -> str:
    return norwegian.canonical(text, today, test_numbers=True)


def _danish(text: str, today: date) -> str:
    digits = digits_of(text, 10)
    try:
        require_lived(_danish_born(digits), today)
    except InvalidComponent:
        raise NotRight("no date") from None
    return digits


def _danish_born(digits: str) -> date:
    born: date = cpr.get_birth_date(digits)
    return born


def _swiss(text: str, _today: date) -> str:
    digits = digits_of(text, 13)
    if not digits.startswith("756"):
        raise ValueError("no number of Switzerland")
    if not ean.is_valid(digits):
        raise NotRight("wrong check digit")
    return digits


def _iranian(text: str, _today: date) -> str:
    """Check digit of the کد ملی: nine digits weighted 10 to 2, modulo 11, subtracted from 11 unless below 2.

    Spreadsheets and forms for figures drop up to two zeros in front.
    """
    digits = digits_of(text, 8, 9, 10).zfill(10)
    rest = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    if len(set(digits)) == 1 or int(digits[9]) != (rest if rest < 2 else 11 - rest):
        raise NotRight("wrong check digit")
    return digits


def _carries_none(_digits: str) -> None:
    return None


_SCHEMES = {
    "se.personnummer": _Scheme(
        swedish.canonical,
        swedish.born,
        "Enter the Swedish personal or coordination number with 10 or 12 digits, as YYYYMMDD-NNNN.",
        {8: "-"},
    ),
    "no.fodselsnummer": _Scheme(
        _norwegian,
        norwegian.born,
        "Enter the Norwegian national identity number or D-number with 11 digits, as DDMMYY NNNNN.",
        {6: " "},
    ),
    "dk.cpr": _Scheme(_danish, _danish_born, "Enter the Danish CPR number with 10 digits, as DDMMYY-NNNN.", {6: "-"}),
    "ch.ssn": _Scheme(
        _swiss,
        _carries_none,
        "Enter the Swiss AHV number with 13 digits, as 756.NNNN.NNNN.NN on the insurance card.",
        {3: ".", 7: ".", 11: "."},
    ),
    "ir.melli": _Scheme(_iranian, _carries_none, "Enter the Iranian national code with all 10 digits."),
}
_WITH_TEST_NUMBERS = _SCHEMES | {
    "no.fodselsnummer": replace(_SCHEMES["no.fodselsnummer"], canonical=_norwegian_or_for_tests)
}

SCHEMES = (*_SCHEMES, NONE)
"""What a clinic document may name under `identity`."""

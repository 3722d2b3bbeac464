"""Values of a cell as services take them: numbers, telephones, names, answers, lengths (C14).

What cannot be read better is passed on as it stands: the service that takes it in says what is wrong with it.
"""

import re
from collections.abc import Callable
from datetime import date

from shared.clinic.times.weeks import week_of
from shared.identity.numbers import NONE, check_number
from shared.identity.telephones import normal_mobile, normal_phone
from shared.moving_in.dates import Days, clock, latin_digits
from shared.moving_in.header_words import plain

_YES = frozenset(
    ["ja", "j", "yes", "y", "oui", "o", "true", "sant", "vrai", "1", "x", "ok", "بله", "بلی", "آری", "دارد"]
)
_NO = frozenset(["nej", "nei", "no", "n", "non", "false", "falsk", "faux", "0", "خیر", "نه", "ندارد"])
_CANCELLED = re.compile(
    r"avbok|avbest|avlys|aflys|annul|cancel|avbrut|slett|slet|strok|supprim|لغو|کنسل", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
_HOURS = re.compile(r"(\d{1,2})\s*(?:h|t|tim|timer?|hours?|heures?|ساعت)\b\.?\s*(\d{1,2})?", re.IGNORECASE)
_LENGTHS = {"no.fodselsnummer": 11, "dk.cpr": 10}
"""How many digits a number has that a spreadsheet takes the zeros in front from."""
_INTERNATIONAL = re.compile(r"\s*00(?=[1-9])")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/. ]?\s*[wvus]?\s*(\d{1,2})", re.IGNORECASE)
_WEEK_FIRST = re.compile(r"\D{0,8}(\d{1,2})\s*[-/. ]\s*(\d{4})")
_LONGEST_DAY = 24 * 60


def number(text: str, scheme: str, today: date) -> str:
    """Return a national number in its canonical form, with the zeros that a spreadsheet took; else as it stands."""
    if scheme == NONE:
        return text
    typed = latin_digits(text).removesuffix(".0")
    for form in (typed, typed.zfill(_LENGTHS.get(scheme, 0))):
        try:
            return check_number(scheme, form, today=today, test_numbers=True)
        except ValueError:
            continue
    return typed


def looks_like_a_number(text: str, scheme: str, today: date) -> bool:
    """Tell whether a text is a national number of a scheme."""
    digits = sum(sign.isdigit() for sign in text)
    if scheme == NONE or digits < 8:
        return False
    try:
        check_number(scheme, number(text, scheme, today), today=today, test_numbers=True)
    except ValueError:
        return False
    return True


def telephone(text: str, country: str | None) -> str:
    """Return a telephone number in E.164, with the zero or plus that a spreadsheet took; else as it stands."""
    return _first_right(text, country, normal_phone) or text


def mobile(text: str, country: str | None) -> str | None:
    """Return the number of a mobile in E.164; None where it is none."""
    return _first_right(text, country, normal_mobile)


def _first_right(text: str, country: str | None, normal: Callable[[str, str | None], str]) -> str | None:
    typed = _INTERNATIONAL.sub("+", latin_digits(text).removesuffix(".0"))
    for form in (typed, f"0{typed}", f"+{typed}"):
        try:
            return normal(form, country)
        except ValueError:
            continue
    return None


def names(whole: str) -> tuple[str, str]:
    """Return first and last name of somebody: `Berg, Anna` or `Anna Berg`; of several names the last is the last."""
    last, comma, first = whole.replace("،", ",").partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = whole.strip().rpartition(" ")
    return first.strip(), last.strip()


def persian(text: str) -> str:
    """Return a text with Persian letters where old code pages had Arabic ones."""
    return text.replace("ي", "ی").replace("ك", "ک")


def answer(text: str) -> bool | None:
    """Return whether a cell says yes; None where it says neither yes nor no."""
    word = plain(latin_digits(text))
    return True if word in _YES else False if word in _NO else None


def is_cancelled(text: str) -> bool:
    """Tell whether the state of an appointment is that it was cancelled, or a column of this name says yes."""
    return bool(_CANCELLED.search(text)) or plain(text) in {"x", "ja", "yes", "oui", "بله"}


def minutes(text: str) -> int | None:
    """Return a length in minutes: `30`, `30 min`, `0:30`, `1 h 15`; None where it is none of a day."""
    typed = latin_digits(text).strip()
    if found := _HOURS.match(typed):
        length = int(found[1]) * 60 + int(found[2] or 0)
    elif ":" in typed and (moment := clock(typed)):
        length = moment.hour * 60 + moment.minute
    elif digits := _NUMBER.match(typed):
        length = int(digits[0][:5])
    else:
        return None
    return length if 0 < length <= _LONGEST_DAY else None


def week(text: str, days: Days) -> str | None:
    """Return an ISO week, `2026-W49`, of a week (`49/2026`, `v49 2026`) or a date; None where it is neither."""
    typed = latin_digits(text).strip()
    if found := _YEAR_FIRST.fullmatch(typed):
        return _week(int(found[1]), int(found[2]))
    if found := _WEEK_FIRST.fullmatch(typed):
        return _week(int(found[2]), int(found[1]))
    day = days.on(typed)
    return None if day is None else week_of(day)


def _week(year: int, number: int) -> str | None:
    try:
        return week_of(date.fromisocalendar(year, number, 1))
    except ValueError:
        return None

"""Days and times as five countries write them (C14): 24.12.1985, 1985-12-24, 24/12/85, ۱۳۶۴/۱۰/۰۳, 14.30, 14h30."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from shared.moving_in.fields import ORDERS
from shared.texts.language import calendar_date

_NUMBERS = re.compile(r"(\d{1,4})[\s./\-–,]+(\d{1,2})[\s./\-–,]+(\d{1,4})\.?(?=$|\D)")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})|(\d{2})(\d{2})(\d{2})")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:[:.h٫])\s*(\d{2})?(?:[:.]\d{2}(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?(?!\d)", re.IGNORECASE
)
_PACKED_CLOCK = re.compile(r"\d{3,4}")
_MERIDIEM = re.compile(r"(\d{1,2})\s*([ap])\.?m\.?", re.IGNORECASE)
_JALALI, _GREGORIAN = range(1200, 1500), range(1800, 2200)
_CENTURY = 100

Order = str


@dataclass(frozen=True)
class Orders:
    """In which order the dates of a file stand; whether some of them could be read in another, and none tells."""

    order: Order
    is_sure: bool


@dataclass(frozen=True)
class Days:
    """How a file's dates are read: in which `order`, seen from `today`; whether two digits of a year are `jalali`."""

    order: Order
    today: date
    jalali: bool = False

    def born(self, text: str) -> date | None:
        """Return a birth date; of two digits the latest year that is not to come. None for what is no date."""
        return self._read(text, self._past_year)

    def on(self, text: str) -> date | None:
        """Return the day of an appointment; two digits of a year are of this century. None for what is no date."""
        return self._read(text, self._near_year)

    def _read(self, text: str, whole_year: Callable[[int], int]) -> date | None:
        numbers = numbers_of(text)
        if numbers is None:
            return None
        day, month, year = _placed(numbers, self.order)
        if len(year) not in (2, 4):
            return None
        return _date(int(year) if len(year) == 4 else whole_year(int(year)), int(month), int(day))

    def _past_year(self, short: int) -> int:
        present = self._present()
        year = present - present % _CENTURY + short
        return year if year <= present else year - _CENTURY

    def _near_year(self, short: int) -> int:
        present = self._present()
        century = present - present % _CENTURY
        return min((century - _CENTURY + short, century + short), key=lambda year: abs(year - present))

    def _present(self) -> int:
        if not self.jalali:
            return self.today.year
        return self.today.year - 621 - (self.today < calendar_date(self.today.year - 621, 1, 1, "fa"))


def order_of(texts: Iterable[str], country: str | None) -> Orders:
    """Return in which order most of these dates stand; where they do not tell, as is usual in the country."""
    usual = "ymd" if country in ("SE", "IR") else "dmy"
    votes = Counter(order for text in texts for order in possible(numbers_of(text)))
    best = [order for order in ORDERS if votes and votes[order] == max(votes.values())]
    return Orders(usual if usual in best or not best else best[0], len(best) < 2)


def possible(numbers: tuple[str, str, str] | None) -> list[Order]:
    """Return the orders in which three numbers are a date; none of what is no date."""
    if numbers is None:
        return []
    if len(numbers[0]) > 2:  # a year in front leaves no question
        return ["ymd"]
    at_end = len(numbers[2]) == 4
    orders = [order for order in ORDERS if not at_end or order.endswith("y")]
    return [order for order in orders if _is_day(*_placed(numbers, order))]


def are_mixed(texts: Iterable[str]) -> bool:
    """Tell whether some dates of a file can only stand in one order, and others only in another."""
    certain = {
        found[0]
        for text in texts
        if (numbers := numbers_of(text))
        if len(numbers[0]) < 3
        if len(found := possible(numbers)) == 1
    }
    return len(certain) > 1


def _is_day(day: str, month: str, year: str) -> bool:
    return len(year) in (2, 4) and int(day) in range(1, 32) and int(month) in range(1, 13)


def numbers_of(text: str) -> tuple[str, str, str] | None:
    """Return the three numbers of a date in the order in which they stand; None for what is none.

    Eight digits without signs between them are year, month and day, as registers write them.
    """
    plain = latin_digits(text).strip()
    if found := _NUMBERS.match(plain):
        return (found[1], found[2], found[3])
    day = plain.partition(" ")[0].partition("T")[0]
    if found := _PACKED.fullmatch(day):
        return (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
    return None


def clock(text: str) -> time | None:
    """Return the time of day in a text, behind the date where it has one; None where it tells none."""
    plain = latin_digits(text).strip()
    if date_part := _NUMBERS.match(plain):
        plain = plain[date_part.end() :].strip(" T,")
    elif re.match(r"\d{8}[T ]", plain):
        plain = plain[9:]
    if found := _CLOCK.search(plain):
        return _time(int(found[1]), int(found[2] or 0), found[3])
    if found := _MERIDIEM.search(plain):
        return _time(int(found[1]), 0, found[2])
    if _PACKED_CLOCK.fullmatch(plain):
        return _time(int(plain[:-2]), int(plain[-2:]), None)
    return None


def latin_digits(text: str) -> str:
    """Return a text with the digits of any script as Latin ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text)


def _placed(numbers: tuple[str, str, str], order: Order) -> tuple[str, str, str]:
    """Return day, month and year of three numbers; one of four digits is the year wherever it stands."""
    if len(numbers[0]) > 2:
        order = "ymd"
    elif len(numbers[2]) > 2 and order == "ymd":
        order = "dmy"
    parts = dict(zip(order, numbers, strict=True))
    return parts["d"], parts["m"], parts["y"]


def _date(year: int, month: int, day: int) -> date | None:
    language = "fa" if year in _JALALI else "en"
    try:
        return calendar_date(year, month, day, language) if year in (*_JALALI, *_GREGORIAN) else None
    except ValueError:
        return None


def _time(hour: int, minute: int, half: str | None) -> time | None:
    if half:
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None

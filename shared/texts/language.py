"""How each language writes texts, dates, times, lengths and money, and which calendar it counts by.

Babel knows the languages; Persian counts days by the Jalali calendar, starts its week on Saturday and has digits of
its own. Texts come from gettext catalogues whose msgid is the English sentence; a new language is one more catalogue
and one more row of `_STYLES`.
"""

import functools
import gettext
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import babel.dates
import babel.numbers
import jdatetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_SATURDAY = 5
_NUMBER = re.compile(r"\d+")
_KEPT = 4096
"""How many dates, times or prices stay written out in a process, for those who write the same ones next."""
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True)
class _Style:
    """What CLDR leaves open or words more stiffly than a patient expects."""

    locale: str
    own_name: str
    date: str
    at: str
    hour: str
    minute: str
    money: str
    time: str = "short"
    first_of_month: str = "1"
    colon: str = ":"
    comma: str = ","
    decimal_point: str = ""
    jalali: bool = False


_STYLES: Mapping[str, _Style] = {
    "en": _Style("en_GB", "English", "EEEE d MMMM y", " at ", "h", "min", "¤\u00a0{}"),
    "sv": _Style("sv_SE", "Svenska", "EEEE d MMMM y", " kl. ", "tim", "min", "{}\u00a0¤"),
    "nb": _Style("nb_NO", "Norsk", "EEEE d. MMMM y", " kl. ", "t", "min", "{}\u00a0¤"),
    "da": _Style("da_DK", "Dansk", "EEEE 'den' d. MMMM y", " kl. ", "t.", "min.", "{}\u00a0¤"),
    "fr": _Style(
        "fr_CH", "Français", "EEEE d MMMM y", " à\u00a0", "h", "min", "¤\u00a0{}",
        time="H'h'mm", first_of_month="1er", colon="\u00a0:", decimal_point=".",
    ),
    "fa": _Style("fa_IR", "فارسی", "", "، ساعت ", "ساعت", "دقیقه", "{}\u00a0¤", comma="،", jalali=True),
}  # fmt: skip

LANGUAGES: tuple[str, ...] = tuple(_STYLES)
"""The languages of the interface: en, sv, nb, da, fr, fa (CONTRACTS 2)."""

_ALSO_KNOWN_AS: Mapping[str, str] = {"no": "nb", "nn": "nb"}


@functools.cache
def translations(folder: Path, language: str) -> gettext.NullTranslations:
    """Return the catalogue `<folder>/<language>.po`, compiled once; a text it lacks comes back in English.

    A sentence that was made with numbers is known by its form, whose msgid has `{0}`, `{1}` … in their places.
    """
    path = folder / f"{language}.po"
    if language not in _STYLES or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=_STYLES[language].locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return _Catalogue(compiled, language)


def without_numbers(text: str) -> tuple[str, list[str]]:
    """Return the form of a sentence with `{0}`, `{1}` … in the places of its numbers, and these."""
    numbers = _NUMBER.findall(text)
    places = iter(range(len(numbers)))
    return _NUMBER.sub(lambda _: f"{{{next(places)}}}", text), numbers


class _Catalogue(gettext.GNUTranslations):
    """The texts of one language; numbers in a sentence get the language's digits."""

    def __init__(self, compiled: io.BytesIO, language: str) -> None:
        super().__init__(compiled)
        self._language = language

    def gettext(self, message: str) -> str:
        """Return the message's translation, that of its form, or the message itself.

        Nothing stays nothing: gettext keeps a catalogue's own head under the empty message.
        """
        said = super().gettext(message) if message else message
        if said != message or not _NUMBER.search(message):
            return said
        form, numbers = without_numbers(message)
        known = super().gettext(form)
        return said if known == form else known.format(*(format_number(each, self._language) for each in numbers))


def choose_language(accept_language: str | None, wanted: str | None, offered: Sequence[str]) -> str:
    """Return the language asked for (`?lang=`), else the reader's best among `offered`, else the first offered.

    `wanted` may be any language of the interface; the browser's header only chooses among those that the clinic
    writes its own texts in, so that a page is not half in one language by accident.
    """
    if wanted in _STYLES:
        return str(wanted)
    usable = [language for language in offered if language in _STYLES] or list(LANGUAGES)
    for language in _preferences(accept_language or ""):
        if language in usable:
            return language
    return usable[0]


def localized(text: Mapping[str, str] | None, language: str, default: str | None = None) -> str | None:
    """Return the clinic's own text in `language`, else in `default`, else in whatever it has; None for no text."""
    if not text:
        return None
    return text.get(language) or text.get(default or "") or next(iter(text.values()), None)


def own_name(language: str) -> str:
    """Return what a language calls itself, for the language switch."""
    return _style(language).own_name


@functools.lru_cache(_KEPT)
def is_right_to_left(language: str) -> bool:
    """Tell whether the language is written from right to left."""
    return bool(babel.Locale.parse(_style(language).locale).text_direction == "rtl")


def format_number(number: int | str, language: str) -> str:
    """Return a number (or any text with digits in it) in the language's digits."""
    text = str(number)
    return text.translate(_PERSIAN_DIGITS) if _style(language).jalali else text


@functools.lru_cache(_KEPT)
def format_date(day: date, language: str) -> str:
    """Return a day in full: `Tuesday 1 December 2026`, `سه‌شنبه ۱۰ آذر ۱۴۰۵`."""
    style = _style(language)
    if style.jalali:
        jalali = jdatetime.date.fromgregorian(date=day)
        weekday = jdatetime.date.j_weekdays_fa[jalali.weekday()]
        return format_number(f"{weekday} {jalali.day} {_jalali_month(jalali)} {jalali.year}", language)
    return _with_first(babel.dates.format_date(day, style.date, locale=style.locale), day, style)


@functools.lru_cache(_KEPT)
def format_short_date(day: date, language: str) -> str:
    """Return a day without its year, for lists of times: `Tue 1 Dec`, `سه‌شنبه ۱۰ آذر`."""
    style = _style(language)
    if style.jalali:
        jalali = jdatetime.date.fromgregorian(date=day)
        weekday = jdatetime.date.j_weekdays_fa[jalali.weekday()]
        return format_number(f"{weekday} {jalali.day} {_jalali_month(jalali)}", language)
    return _with_first(babel.dates.format_skeleton("MMMEd", day, locale=style.locale), day, style)


@functools.lru_cache(_KEPT)
def format_birth_date(day: date, language: str) -> str:
    """Return a day with its year and without its weekday: `21 June 1969`, `۳۱ خرداد ۱۳۴۸`."""
    style = _style(language)
    if style.jalali:
        jalali = jdatetime.date.fromgregorian(date=day)
        return format_number(f"{jalali.day} {_jalali_month(jalali)} {jalali.year}", language)
    return babel.dates.format_date(day, "long", locale=style.locale)


def format_time(moment: datetime, language: str) -> str:
    """Return the time that `moment` shows in its own zone, by 24 hours: `14:05`, `14.05`, `14h05`, `۱۴:۰۵`."""
    return _time(moment.time(), language)


@functools.lru_cache(_KEPT)
def _time(shown: time, language: str) -> str:
    """Return a time as a clock shows it: moments are the same in all zones, what is shown there is not."""
    style = _style(language)
    return format_number(babel.dates.format_time(shown, style.time, locale=style.locale).strip(), language)


def format_moment(moment: datetime, language: str) -> str:
    """Return day and time together: `Tuesday 1 December 2026 at 14:05`, `tirsdag den 1. december 2026 kl. 14.05`."""
    return f"{format_date(moment.date(), language)}{_style(language).at}{format_time(moment, language)}"


def format_short_moment(moment: datetime, language: str) -> str:
    """Return day and time without the year: `Tue, 1 Dec at 14:05`, `mar. 1er déc. à 14h05`."""
    return f"{format_short_date(moment.date(), language)}{_style(language).at}{format_time(moment, language)}"


@functools.lru_cache(_KEPT)
def format_day(day: date, language: str) -> str:
    """Return a day as it is said of the months around: `Tuesday 1 December`, `سه‌شنبه ۱۰ آذر`."""
    return format_date(day, language).removesuffix(f" {_year(day, language)}")


def format_coming_moment(moment: datetime, language: str) -> str:
    """Return day and time as they are said of the months around: `Tuesday 1 December at 14:05`."""
    return f"{format_day(moment.date(), language)}{_style(language).at}{format_time(moment, language)}"


@functools.lru_cache(_KEPT)
def format_length(minutes: int, language: str) -> str:
    """Return a length of time: `45 min`, `1 h`, `1 h 15 min`; Persian joins its parts with `و`."""
    style = _style(language)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}\u00a0{style.hour}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}\u00a0{style.minute}")
    return format_number((" و " if style.jalali else " ").join(parts), language)


@functools.lru_cache(_KEPT)
def format_price(amount: str | Decimal, currency: str, language: str) -> str:
    """Return a price as the language writes it, without decimals where they are nought: `995 kr`, `CHF 79.50`.

    Amounts of money have a point in French-speaking Switzerland, where other numbers have a comma.
    """
    style, value = _style(language), Decimal(amount)
    digits = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    pattern = style.money.format(digits)
    written = babel.numbers.format_currency(
        value, currency, pattern, locale=style.locale, currency_digits=False, numbering_system="default"
    )
    if style.decimal_point:
        written = written.replace(babel.numbers.get_decimal_symbol(style.locale), style.decimal_point)
    return format_number(written.strip("\u200e\u200f"), language)


def format_percent(share: float, language: str) -> str:
    """Return a share, 0 to 1, in whole percent: `74%`, `74 %`, `۷۴٪`."""
    style = _style(language)
    percent = babel.numbers.format_percent(share, locale=style.locale)
    return f"{format_number(round(100 * share), language)}٪" if style.jalali else percent


def colon(language: str) -> str:
    """Return what follows a label, before a space: a colon, in French behind a no-break space."""
    return _style(language).colon


def comma(language: str) -> str:
    """Return what stands between the parts of a list, before a space: `,`, in Persian `،`."""
    return _style(language).comma


def first_weekday(language: str) -> int:
    """Return the day that starts the week, counted as `date.weekday()` does: Saturday in Persian, else Monday."""
    return _SATURDAY if _style(language).jalali else 0


def weekday_names(language: str) -> list[tuple[str, str]]:
    """Return (short, full) names of the seven weekdays, from the language's first; the full ones as dates have them."""
    style, first = _style(language), first_weekday(language)
    width: Literal["narrow", "abbreviated"] = "narrow" if style.jalali else "abbreviated"
    short = babel.dates.get_day_names(width, "stand-alone", style.locale)
    full = babel.dates.get_day_names("wide", "stand-alone", style.locale)
    order = [(first + step) % 7 for step in range(7)]
    names = jdatetime.date.j_weekdays_fa if style.jalali else [str(full[day]) for day in order]
    return [(str(short[day]).rstrip("."), name) for day, name in zip(order, names, strict=True)]


def month_of(day: date, language: str) -> tuple[date, date]:
    """Return the first and last day of the month, in the language's calendar, that `day` lies in."""
    if _style(language).jalali:
        jalali = jdatetime.date.fromgregorian(date=day)
        first: date = jalali.replace(day=1).togregorian()
        ahead = jdatetime.date.fromgregorian(date=first + timedelta(days=31))
        following: date = ahead.replace(day=1).togregorian()
    else:
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


def format_month(day: date, language: str) -> str:
    """Return the name and year of the month that `day` lies in: `December 2026`, `آذر ۱۴۰۵`."""
    style = _style(language)
    if style.jalali:
        jalali = jdatetime.date.fromgregorian(date=day)
        return format_number(f"{_jalali_month(jalali)} {jalali.year}", language)
    return babel.dates.format_date(day, "LLLL y", locale=style.locale)


def day_of_month(day: date, language: str) -> str:
    """Return the number of the day in its month, in the language's calendar and digits."""
    number = jdatetime.date.fromgregorian(date=day).day if _style(language).jalali else day.day
    return format_number(number, language)


def calendar_date(year: int, month: int, day: int, language: str) -> date:
    """Return the day that these numbers name in the language's calendar; raise ValueError where there is none."""
    if max(year, month, day) > date.max.year:
        raise ValueError("no calendar reaches that far")
    if _style(language).jalali:
        named: date = jdatetime.date(year, month, day).togregorian()
        return named
    return date(year, month, day)


def calendar_parts(day: date, language: str) -> tuple[str, str, str]:
    """Return a day's year, month and day by the language's calendar, as somebody types them."""
    named = jdatetime.date.fromgregorian(date=day) if _style(language).jalali else day
    return f"{named.year:04}", str(named.month), str(named.day)


def _style(language: str) -> _Style:
    return _STYLES.get(language, _STYLES["en"])


def _with_first(written: str, day: date, style: _Style) -> str:
    """Return a written day with the first of a month as the language has it: `1er décembre`."""
    return re.sub(r"\b1\b", style.first_of_month, written, count=1) if day.day == 1 else written


def _year(day: date, language: str) -> str:
    year = jdatetime.date.fromgregorian(date=day).year if _style(language).jalali else day.year
    return format_number(year, language)


def _jalali_month(jalali: jdatetime.date) -> str:
    return str(jdatetime.date.j_months_fa[jalali.month - 1])


def _preferences(header: str) -> list[str]:
    """Return the header's languages without their regions, best first (RFC 9110, 12.5.4)."""
    ranked: list[tuple[float, str]] = []
    for item in header.split(","):
        tag, _, parameters = item.strip().partition(";")
        language = tag.partition("-")[0].lower()
        quality = parameters.strip().removeprefix("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if weight > 0:
            ranked.append((-weight, _ALSO_KNOWN_AS.get(language, language)))
    return [language for _, language in sorted(ranked, key=lambda pair: pair[0])]

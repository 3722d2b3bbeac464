"""A clinic's hours as one sentence, `Mon–Fri 8–12, 13–17`: read as people type it, written so that it is read again.

Days come before their times; days and times stand in ranges or in rows; another group of days begins behind times.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.http.wording import N_
from shared.clinic.times.wall_clock import MINUTES_OF_DAY
from shared.clinic.times.weeks import WEEKDAYS
from shared.texts.language import comma, first_weekday, format_number, weekday_names

Week = Mapping[str, Sequence[tuple[str, str]]]
"""From and to, `HH:MM`, by day of the week (`mon` …), in order; days without hours are missing."""

_BETWEEN: Mapping[str, str] = {"fa": " تا "}
_TO = {
    "en": ("to", "until", "till"), "sv": ("till",), "nb": ("til",), "da": ("til",), "fr": ("à", "a", "au"),
    "fa": ("تا",),
}  # fmt: skip
_SKIPPED = frozenset(
    {
        "and", "och", "og", "et", "و", "from", "från", "fra", "de", "du", "le", "les", "از", "every", "all", "alla",
        "alle", "hver", "varje", "h", "kl", "klo", "klokka", "klokken", "klockan", "ساعت",
    }
)  # fmt: skip
_TOKEN = re.compile(
    r"(?P<time>\d{1,2}(?:[:.h]\d{2}|h)?)(?!\d)|(?P<dash>[-–—−]+)|(?P<word>[^\W\d_]+)|(?P<sign>[^\s\w]|_)|(?P<number>\d+)"
)
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?")
_PERSIAN_DAY = re.compile(r"(یک|دو|سه|چهار|پنج) ?شنبه")
_LEAST_LETTERS = 2

_UNKNOWN = N_("“{word}” is not understood here. Write days and times, such as: {example}.")
_NO_TIMES = N_("Write from when to when, such as: {example}.")
_BACKWARDS = N_("{span} ends before it begins. Write the earlier time first.")
_TWICE = N_("{span} overlaps other hours of the same day. Write each day only once, with all of its hours.")
_NO_CLOCK = N_("“{word}” is no time of day. Write times such as 8 or 13:30.")


class NoHours(ValueError):
    """A sentence that says no hours: `text` is ours, its places are `values`."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(text)
        self.text, self.values = text, values


def hours_of(days: Sequence[str], *spans: tuple[str, str]) -> Week:
    """Return a week with the same hours on some days."""
    return {day: spans for day in WEEKDAYS if day in days}


def in_words(week: Week, language: str) -> str:
    """Return the sentence that says a week's hours; it is read as just this week again."""
    order = _from_first(language)
    groups: list[tuple[list[str], Sequence[tuple[str, str]]]] = []
    for day in order:
        spans = tuple(week.get(day, ()))
        if groups and groups[-1][1] == spans:
            groups[-1][0].append(day)
        else:
            groups.append(([day], spans))
    return "; ".join(
        f"{_days_in_words(days, language)} {spans_in_words(spans, language)}" for days, spans in groups if spans
    ).replace(";", "؛" if language == "fa" else ";")


def spans_in_words(spans: Sequence[tuple[str, str]], language: str) -> str:
    """Return a day's hours in the language's digits."""
    to = _BETWEEN.get(language, "–")
    said = (f"{_clock_in_words(start, language)}{to}{_clock_in_words(end, language)}" for start, end in spans)
    return f"{comma(language)} ".join(said)


def read(text: str, languages: Sequence[str], usual: Week) -> Week:
    """Return the week that a sentence says, in any of the languages; raise NoHours.

    Times without days hold on the `usual` ones.
    """
    reading = _Reading(languages, in_words(usual, languages[0]))
    for kind, token in _tokens(text):
        reading.take(kind, token)
    return reading.week(usual)


@dataclass
class _Reading:
    languages: Sequence[str]
    example: str
    groups: list[tuple[list[str], list[tuple[int, int]]]] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    is_range: bool = False

    def take(self, kind: str, token: str) -> None:
        """Take in the next word, time or sign."""
        if kind == "dash" or (kind == "word" and self._is_to(token)):
            self.is_range = True
        elif kind == "time":
            self._take_time(token)
        elif kind == "word" and token not in _SKIPPED:
            self._take_day(self._day(token))
        elif kind == "number":
            raise NoHours(_NO_CLOCK, word=token)
        elif kind == "sign" and token not in ",;،؛./&+()":
            raise self._unknown(token)

    def week(self, usual: Week) -> Week:
        """Return what was said."""
        self._close()
        found: dict[str, list[tuple[int, int]]] = {}
        for days, spans in self.groups:
            for day in days or list(usual):
                found.setdefault(day, []).extend(spans)
        if not found:
            raise NoHours(_NO_TIMES, example=self.example)
        return {day: self._in_order(found[day]) for day in WEEKDAYS if day in found}

    def _take_time(self, token: str) -> None:
        at = _minutes(token)
        if not self.is_range:
            if len(self.times) % 2:
                raise NoHours(_NO_TIMES, example=self.example)
        elif len(self.times) % 2 == 0:
            raise NoHours(_NO_TIMES, example=self.example)
        self.times.append(at)
        self.is_range = False

    def _take_day(self, day: str) -> None:
        if self.times:
            self._close()
        if self.is_range and self.days:
            week = _from_first("fa") if "fa" in self.languages else list(WEEKDAYS)
            first, last = week.index(self.days[-1]), week.index(day)
            span = [week[(first + step) % 7] for step in range(1, (last - first) % 7 + 1)]
            self.days.extend(span)
        else:
            self.days.append(day)
        self.is_range = False

    def _close(self) -> None:
        """End a group of days with their times."""
        if (self.days and not self.times) or len(self.times) % 2:
            raise NoHours(_NO_TIMES, example=self.example)
        if self.times:
            self.groups.append((self.days, list(zip(self.times[::2], self.times[1::2], strict=True))))
        self.days, self.times, self.is_range = [], [], False

    def _in_order(self, spans: list[tuple[int, int]]) -> list[tuple[str, str]]:
        ordered, before = sorted(spans), 0
        for start, end in ordered:
            said = spans_in_words([(_clock(start), _clock(end))], self.languages[0])
            if end <= start:
                raise NoHours(_BACKWARDS, span=said)
            if start < before:
                raise NoHours(_TWICE, span=said)
            before = end
        return [(_clock(start), _clock(end)) for start, end in ordered]

    def _is_to(self, word: str) -> bool:
        return any(word in _TO[language] for language in self.languages)

    def _day(self, word: str) -> str:
        """Return the day that a word begins like, in the first of the languages in which it is just one."""
        for language in self.languages:
            found = {day for day, names in _names(language).items() if _is_called(word, names)}
            if len(found) == 1:
                return found.pop()
        raise self._unknown(word)

    def _unknown(self, word: str) -> NoHours:
        return NoHours(_UNKNOWN, word=word, example=self.example)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    plain = "".join(_plain(sign) for sign in text.lower())
    plain = _PERSIAN_DAY.sub(lambda found: f"{found[1]}شنبه", plain)
    for found in _TOKEN.finditer(plain):
        assert found.lastgroup
        yield found.lastgroup, found[0]


def _plain(sign: str) -> str:
    """Return a sign with digits of any script as ours, and without what joins letters or turns their direction."""
    if sign.isdecimal():
        return str(int(sign))
    return "" if sign in "\u200c\u200e\u200f\u2066\u2067\u2068\u2069" else sign


def _minutes(token: str) -> int:
    found = _TIME.fullmatch(token)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if minutes > 59 or hours * 60 + minutes > MINUTES_OF_DAY:
        raise NoHours(_NO_CLOCK, word=token)
    return hours * 60 + minutes


def _is_called(word: str, names: tuple[str, str]) -> bool:
    short, full = names
    return word in names or (len(word) >= _LEAST_LETTERS and full.startswith(word)) or word.rstrip(".") == short


def _names(language: str) -> Mapping[str, tuple[str, str]]:
    """Return each day's short and full name, in small letters and without half-spaces."""
    tidy = ((short.lower(), full.lower().replace("\u200c", "")) for short, full in weekday_names(language))
    return dict(zip(_from_first(language), tidy, strict=True))


def _from_first(language: str) -> list[str]:
    first = first_weekday(language)
    return [WEEKDAYS[(first + step) % 7] for step in range(7)]


def _days_in_words(days: Sequence[str], language: str) -> str:
    names = [full for _, full in weekday_names(language)]
    called = dict(zip(_from_first(language), names, strict=True))
    if len(days) == 1:
        return called[days[0]]
    return f"{called[days[0]]}{_BETWEEN.get(language, '–')}{called[days[-1]]}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _clock_in_words(clock: str, language: str) -> str:
    hours, minutes = clock.split(":")
    parted = f"{int(hours)}" if minutes == "00" else f"{int(hours)}{'h' if language == 'fr' else ':'}{minutes}"
    return format_number(parted, language)

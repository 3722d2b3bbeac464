"""Sections, lists and maps of the clinic document: how single values are put together.

A shape reads one value at a path, notes every problem it finds and returns the normal form all the same; what is
broken becomes null, so that the rest is still checked and all errors are told at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from services.availability.document.problems import Problem, Wrong, did_you_mean, inside, listed, shown
from services.availability.document.times import moment
from services.availability.document.values import Reader, text

MOST_PROBLEMS = 500
"""So many are told at once; a document with more of them is not a clinic's."""


@dataclass
class Reading:
    """One pass over a document: its languages (the first is the default), its zone, and the problems found."""

    languages: tuple[str, ...]
    zone: ZoneInfo
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: str, message: str) -> None:
        """Note a problem."""
        if not self.is_full:
            self.problems.append(Problem(path, message))

    def is_broken(self, path: str) -> bool:
        """Tell whether the very value at `path` was found broken."""
        return any(problem.path == path for problem in self.problems)

    @property
    def is_full(self) -> bool:
        """Whether enough problems are known: no more work is put into finding others."""
        return len(self.problems) >= MOST_PROBLEMS


class Shape(Protocol):
    """Anything that reads one value of the document."""

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        """Return the normal form of `value`, null where it is broken; problems are noted in `reading`."""
        ...

    def told(self) -> dict[str, Any]:
        """Return what forms are drawn by: its kind and limits, and the same of what is inside it."""
        ...


@dataclass(frozen=True)
class One:
    """A single value."""

    reader: Reader

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        """Return the value in its one written form."""
        return _tried(self.reader, value, path, reading)

    def told(self) -> dict[str, Any]:
        """Tell the reader's kind and limits."""
        return {"kind": self.reader.kind, **self.reader.limits}


@dataclass(frozen=True)
class Moment:
    """A moment of the clinic's wall clock; with `whole_days`, a date as well."""

    whole_days: Reader | None = None

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        """Return `YYYY-MM-DDTHH:MM`, or a date where it is one."""
        is_date = self.whole_days and (len(value) == 10 if isinstance(value, str) else not hasattr(value, "hour"))
        return _tried(self.whole_days if self.whole_days and is_date else moment(reading.zone), value, path, reading)

    def told(self) -> dict[str, Any]:
        """Tell whether a date will do."""
        return {"kind": "moment", "whole_days": self.whole_days is not None}


@dataclass(frozen=True)
class Localized:
    """A text that patients see: `{language: text}`, or null where nothing is said.

    A bare string is a text in the clinic's first language; empty ones count as left out, since forms send them.
    """

    longest: int
    lines: bool = True

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        """Return the text by language."""
        if isinstance(value, str):
            one = self._one(value, path, reading)
            return one and {reading.languages[0]: one}
        if not isinstance(value, Mapping):
            reading.report(path, f"{shown(value)} is not a text; write a text in quotes, or one per language.")
            return None
        found = {}
        for language, words in value.items():
            if language in reading.languages:
                found[language] = self._one(words, inside(path, str(language)), reading)
            else:
                reading.report(inside(path, _word(language)), _unknown_language(language, reading.languages))
        return {language: words for language, words in found.items() if words} or None

    def _one(self, words: Any, path: str, reading: Reading) -> Any:
        if words is None or (isinstance(words, str) and not words.strip()):
            return None
        return _tried(text(self.longest, lines=self.lines), words, path, reading)

    def told(self) -> dict[str, Any]:
        """Tell how long the text of each language may be."""
        return {"kind": "texts", "longest": self.longest, "lines": self.lines}


@dataclass(frozen=True)
class Key:
    """A key of a section: the shape of its value, and what stands there where it is left out or null.

    `default` is written as a document writes it; None is null.
    """

    shape: Shape
    default: Any = None
    required: bool = False

    def told(self, name: str) -> dict[str, Any]:
        """Tell the key's name, whether it must be there, and what it is by default, besides what its shape tells."""
        return {"name": name, "required": self.required, "default": self.default, **self.shape.told()}


@dataclass(frozen=True)
class Section:
    """A section with fixed keys; others are refused. In normal form every key is present."""

    keys: Mapping[str, Key]

    def read(self, value: Any, path: str, reading: Reading) -> dict[str, Any]:
        """Return the section with every key filled in."""
        if not isinstance(value, Mapping):
            reading.report(path, f"{shown(value)} is not a section; write keys such as {listed(list(self.keys)[:4])}.")
            return blank_section(self)
        for name in value:
            if name not in self.keys and not reading.is_full:
                known = f" Known here: {listed(self.keys)}."
                close = did_you_mean(_word(name), self.keys)
                reading.report(inside(path, _word(name)), f"There is no such key; remove it.{close or known}")
        return {name: self._one(key, value.get(name), inside(path, name), reading) for name, key in self.keys.items()}

    def _one(self, key: Key, value: Any, path: str, reading: Reading) -> Any:
        if value is None and key.required:
            reading.report(path, "This key is required; write it.")
            return blank(key.shape)
        given = key.default if value is None else value
        return None if given is None else key.shape.read(given, path, reading)

    def told(self) -> dict[str, Any]:
        """Tell every key, in the order of the contract."""
        return {"kind": "section", "keys": [key.told(name) for name, key in self.keys.items()]}


@dataclass(frozen=True)
class Many:
    """A list of values of one shape. `unique` refuses a value that stands twice; being `ordered` is told to forms."""

    item: Shape
    least: int = 0
    most: int = 1000
    unique: bool = False
    ordered: bool = False

    def read(self, value: Any, path: str, reading: Reading) -> list[Any]:
        """Return the list; a broken item stays in its place, so that later paths are right."""
        if not isinstance(value, list | tuple):
            reading.report(path, f"{shown(value)} is not a list; write its items in [ ] or with a hyphen each.")
            return []
        if not self.least <= len(value) <= self.most:
            reading.report(path, f"The list has {len(value)} items; give {self.least} to {self.most}.")
        items = [self.item.read(item, f"{path}[{index}]", reading) for index, item in enumerate(value[: self.most])]
        for index, item in enumerate(items):
            if self.unique and item is not None and item in items[:index]:
                reading.report(f"{path}[{index}]", f"{shown(item)} stands twice; remove one.")
        return items

    def told(self) -> dict[str, Any]:
        """Tell what the items are, how many, and whether their order says something."""
        limits = {"least": self.least, "most": self.most, "ordered": self.ordered}
        return {"kind": "list", "item": self.item.told(), **limits}


@dataclass(frozen=True)
class Mapped:
    """A map with keys of the clinic's own, such as lengths by practitioner."""

    key: Reader
    value: Shape

    def read(self, value: Any, path: str, reading: Reading) -> dict[str, Any]:
        """Return the map; null values count as left out."""
        if not isinstance(value, Mapping):
            reading.report(path, f"{shown(value)} is not a map; write `key: value` pairs.")
            return {}
        found = {}
        for name, given in value.items():
            inner = inside(path, _word(name))
            read = _tried(self.key, name, inner, reading)
            if read is not None and given is not None:
                found[read] = self.value.read(given, inner, reading)
        return found

    def told(self) -> dict[str, Any]:
        """Tell what its keys are, and the value of each."""
        return {"kind": "map", "key": One(self.key).told(), "value": self.value.told()}


@dataclass(frozen=True)
class Either:
    """A value that may be a single one or a list, told apart by being a list."""

    single: Shape
    several: Shape

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        """Return what the fitting shape reads."""
        return (self.several if isinstance(value, list | tuple) else self.single).read(value, path, reading)

    def told(self) -> dict[str, Any]:
        """Tell both."""
        return {"kind": "either", "single": self.single.told(), "several": self.several.told()}


@dataclass(frozen=True)
class Worded:
    """A plain text, the same to all readers, or one per language; a mapping is told apart from a text."""

    plain: Reader
    by_language: Localized

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        """Return the text, or the texts by language."""
        if isinstance(value, Mapping):
            return self.by_language.read(value, path, reading)
        return _tried(self.plain, value, path, reading)

    def told(self) -> dict[str, Any]:
        """Tell how long the text of each language may be."""
        return {**self.by_language.told(), "kind": "worded"}


def blank(shape: Shape) -> Any:
    """Return what stands for a missing value of `shape`, so that checks can look into it without falling."""
    if isinstance(shape, Section):
        return blank_section(shape)
    return [] if isinstance(shape, Many) else {} if isinstance(shape, Mapped) else None


def blank_section(section: Section) -> dict[str, Any]:
    """Return a section in which nothing is said, its inner sections included."""
    return {name: blank(key.shape) if key.default is not None else None for name, key in section.keys.items()}


def _tried(reader: Reader, value: Any, path: str, reading: Reading) -> Any:
    try:
        return reader(value)
    except Wrong as wrong:
        reading.report(path, str(wrong))
        return None


def _word(name: Any) -> str:
    return str(name)[:60]


def _unknown_language(language: Any, known: tuple[str, ...]) -> str:
    return f"The clinic's languages are {listed(known)}; add {shown(language)} to languages, or remove the text."

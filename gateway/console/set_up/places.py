"""Where in a clinic's document something stands, and what stands there, in people's words."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from gateway.clients.document_words import DocumentWords
from gateway.console.frame.here import Here
from gateway.http.wording import N_
from gateway.views.own_texts import OwnTexts
from shared.clinic.times.durations import parse_minutes
from shared.texts.language import LANGUAGES, colon, comma, format_date, format_length, format_number, own_name

_LINE = re.compile(r"line (\d+)")
_PATH = re.compile(r"(?P<part>[a-z_]+)(?:\[(?P<item>[^\]]*)\])?\.?(?P<rest>.*)", re.DOTALL)
_NUMBER_OF_ITEM = re.compile(r"\[[^\]]*\]")
_LENGTH = re.compile(r"(?:[0-9]{1,4}h)?(?:[0-9]{1,5}m)?(?<=[hm])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ENDS_OF_DAYS = ("date", "dates", ".from", ".to")
_DIGITS = re.compile(r"[\d:.]+", re.ASCII)
_LONGEST_VALUE = 800
_BLOCK = frozenset(("kind", "from", "to"))
"""By which keys a block is known."""
_NAMED_BY: Mapping[str, str] = {
    **dict.fromkeys(("practitioner", "practitioners", "without"), "practitioners"),
    **dict.fromkeys(("kind", "blocks"), "block_kinds"),
    **dict.fromkeys(("resource", "uses"), "resources"),
    "types": "types",
}
"""Whose keys stand under the ends of paths."""
_COMPOSED = ("plans", "days", "absences", "reminders")
"""Lists whose items have no names: they are told by what they say."""


class Place(NamedTuple):
    """The part of the document, the item in it, and what of it, in words; and which page has a form for it."""

    part: str
    item: str
    rest: str
    key: str = ""


def place_of(path: str, here: Here, document: Mapping[str, Any] | None = None, added: Any = None) -> Place:
    """Return where a path leads: `types[2].slots.step`, `types[exam].length`, `line 3`, or nowhere in particular.

    Items that are told by their number are those of `document`; `added` is an item that only is to be.
    """
    words = DocumentWords(here.language)
    if line := _LINE.fullmatch(path):
        return Place(here.say(N_("Line {number}"), number=line[1]), "", "")
    found = _PATH.fullmatch(path)
    if found is None or found["part"] not in here.document:
        return Place(here.say(N_("The document")), "", path)
    rest = _rest_in_words(found["part"], found["rest"], words, here)
    item = _called(added or {}, here) or _item(found["part"], found["item"], here, document)
    return Place(words.label(found["part"]), item, rest, found["part"])


def _rest_in_words(part: str, rest: str, words: DocumentWords, here: Here) -> str:
    """Return the keys below a part by their words, `Which times are offered: How times are counted`."""
    said, path = [], part
    for name in filter(None, _NUMBER_OF_ITEM.sub("", rest).split(".")):
        person = here.names.practitioner(name) if path.endswith(".lengths") else None
        path = f"{path}.{name}"
        said.append(own_name(name) if name in LANGUAGES else person or words.label(path))
    return " – ".join(said)


def value_in_words(path: str, value: Any, here: Here) -> str:
    """Return a value as it can be read, cut short where it is long; nothing as ""."""
    words = DocumentWords(here.language)
    text = _said(_NUMBER_OF_ITEM.sub("", path), value, words, here)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]} …"


def _said(path: str, value: Any, words: DocumentWords, here: Here) -> str:
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, bool):
        return words.say(N_("yes")) if value else words.say(N_("no"))
    if isinstance(value, Mapping):
        if value.keys() >= _BLOCK:
            return _block(value, words, here)
        shown = [name for name in value if name != "key" or not {"name", "label"} & value.keys()]
        inner = {name: _said(f"{path}.{name}", value[name], words, here) for name in shown}
        said = {_rest_in_words(path, name, words, here): text for name, text in inner.items() if text}
        return "\n".join(_under(name, text, words) for name, text in said.items())
    if isinstance(value, list):
        are_blocks = all(isinstance(each, Mapping) and each.keys() >= _BLOCK for each in value)
        between = f"{comma(words.language)} " if are_blocks else "\n"
        return between.join(filter(None, (_said(path, each, words, here) for each in value)))
    if isinstance(value, str) and _LENGTH.fullmatch(value):
        return format_length(parse_minutes(value), words.language)
    if isinstance(value, str) and path in _COMPOSED:
        return _composed(path, value, words, here)
    if isinstance(value, str) and path.endswith(_ENDS_OF_DAYS) and _DAY.fullmatch(value):
        return format_date(date.fromisoformat(value), words.language)
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        return _name_of(path, value, here) or words.choice(path, value)
    return format_number(value if isinstance(value, str) else json.dumps(value), words.language)


def _under(name: str, text: str, words: DocumentWords) -> str:
    """Return a text behind what it is called, or below it where it has several lines."""
    gap = "\n" if "\n" in text else " "
    return f"{name}{colon(words.language)}{gap}{text}"


def _block(block: Mapping[str, Any], words: DocumentWords, here: Here) -> str:
    """Return a block in a line: `08:30–12:00 Examination (20 min)`."""
    span = format_number(f"{block['from']}–{block['to']}", words.language)
    step = f" ({_said('step', block['step'], words, here)})" if block.get("step") else ""
    return f"{span} {_said('blocks', block['kind'], words, here)}{step}"


def _name_of(path: str, key: str, here: Here) -> str | None:
    """Return what is called by a key that stands under a path; None where there stand no keys of what is listed."""
    section = _NAMED_BY.get(path.rpartition(".")[2]) if path != "fields.kind" else None
    return dict(here.names.pairs(section)).get(key) if section else None


def _composed(part: str, name: str, words: DocumentWords, here: Here) -> str:
    """Return what an item without a name is called: what it says, `anna normal 2026-01-01 all`, in words."""
    ends = ("from", "practitioner", "resource", "weeks", "channel")
    said = (
        next((found for end in ends if (found := _said(f"{part}.{end}", each, words, here)) != each), each)
        for each in name.split()
    )
    return " · ".join(said)


def _item(part: str, name: str | None, here: Here, document: Mapping[str, Any] | None) -> str:
    if not name:
        return ""
    if document is not None and name.isdigit() and int(name) < len(document[part]):
        row = document[part][int(name)]
    else:
        row = next((each for each in here.document[part] if each.get("key") == name), {})
    if called := _called(row, here):
        return called
    if name.isdigit():
        return here.say(N_("no. {number}"), number=format_number(int(name) + 1, here.language))
    return _composed(part, name, DocumentWords(here.language), here) if part in _COMPOSED else name


def _called(row: Mapping[str, Any], here: Here) -> str:
    own = OwnTexts(here.language, here.document["languages"][0])
    return str(own(row.get("name") or row.get("label")) or row.get("key") or "")

"""What the keys of the clinic document are called by its people, in the reader's language, and what they are to know.

Words are found by a key's path without the numbers of items: `types.slots.step`; where the whole path has none, by the
end of it: `step`. A key that nobody has found words for is called as the document calls it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.clients.document_words.choices import CHOICES, NOTHING
from gateway.clients.document_words.elsewhere import ELSEWHERE
from gateway.clients.document_words.headings import HEADINGS
from gateway.clients.document_words.hints import FILLED_IN, HINTS
from gateway.clients.document_words.labels import LABELS
from gateway.clients.document_words.mistakes import in_words
from gateway.http.wording import LOCALES, N_
from shared.texts.language import (
    LANGUAGES,
    comma,
    format_length,
    format_number,
    is_right_to_left,
    own_name,
    translations,
)

_POOL = N_("any of {pool}")
_NOTHING = "–"
_INSIDE = ("item", "value")
"""What a list and a map tell of what is in them."""


@dataclass(frozen=True)
class DocumentWords:
    """The words for one reader."""

    language: str

    def say(self, text: str, **values: object) -> str:
        """Return a text of ours, with values in their places `{so}`."""
        said: str = translations(LOCALES, self.language).gettext(text)
        return said.format(**values) if values else said

    def label(self, path: str) -> str:
        """Return what a key is called."""
        found = _nearest(LABELS, path)
        return self.say(found) if found else path.rpartition(".")[2].replace("_", " ")

    def hint(self, path: str) -> str:
        """Return what is to be known of a key, "" for nothing."""
        found = HINTS.get(path)
        return self.say(found, names=self._filled_in()) if found else ""

    def _filled_in(self) -> str:
        """Return what messages name, each kept from left to right also where the text runs the other way."""
        start, end = ("\u2066", "\u2069") if is_right_to_left(self.language) else ("", "")
        return f"{comma(self.language)} ".join(f"{start}{{{{{name}}}}}{end}" for name in FILLED_IN)

    def heading(self, path: str) -> str:
        """Return what stands above a key and those that follow it, "" for nothing."""
        found = HEADINGS.get(path)
        return self.say(found) if found else ""

    def elsewhere(self, path: str) -> str:
        """Return what the manuals of other systems call it, "" where that is not known."""
        found = ELSEWHERE.get(path)
        return self.say(found) if found else ""

    def choice(self, path: str, value: str) -> str:
        """Return what one of a key's values is called."""
        if path.rpartition(".")[2] == "languages" and value in LANGUAGES:
            return own_name(value)
        if path == "grid":
            return format_length(int(value.removesuffix("m")), self.language)
        found = _nearest(CHOICES, f"{path}.{value}")
        return self.say(found) if found else value

    def nothing(self, path: str) -> str:
        """Return what it is called where nothing is chosen."""
        found = _nearest(NOTHING, path)
        return self.say(found) if found else _NOTHING

    def told(self, shape: Mapping[str, Any], path: str = "") -> dict[str, Any]:
        """Return what availability tells of a shape, each key with its `label`, and its `hint` where it has one."""
        found: dict[str, Any] = {name: self.told(shape[name], path) for name in _INSIDE if name in shape}
        if "keys" in shape:
            found["keys"] = [self._key(key, f"{path}.{key['name']}".strip(".")) for key in shape["keys"]]
        return {**shape, **found}

    def _key(self, key: Mapping[str, Any], path: str) -> dict[str, Any]:
        return {**self.told(key, path), "label": self.label(path), "hint": self.hint(path) or None}

    def mistake(self, message: str, *, hints: bool = False) -> str:
        """Return what is told of what availability finds wrong; who writes a text is told what is known there, too."""
        return in_words(message, self._say_counted, hints=hints)

    def _say_counted(self, text: str, **places: str) -> str:
        return self.say(text, **{name: self._number(each) for name, each in places.items()})

    def _number(self, text: str) -> str:
        return format_number(text, self.language) if text.isascii() and text.isdecimal() else text

    def pool(self, pool: str) -> str:
        """Return what one of a pool's rooms or devices is called."""
        return self.say(_POOL, pool=pool)


def _nearest(words: Mapping[str, str], path: str) -> str | None:
    """Return the words for the longest end of a path that there are any for."""
    while path and path not in words:
        path = path.partition(".")[2]
    return words.get(path)

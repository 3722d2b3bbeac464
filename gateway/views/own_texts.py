"""Texts of a clinic's own, which know the language that they are in: it may be another than the page's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup


class OwnText(str):
    """A text of a clinic's, as written in `language`."""

    __slots__ = ("language",)

    def __new__(cls, text: str, language: str) -> "OwnText":
        """Return the text with its language."""
        own = super().__new__(cls, text)
        own.language = language
        return own

    language: str


@dataclass(frozen=True)
class OwnTexts:
    """Finds texts in a reader's language, else in the clinic's first one, `default`, in which its names are as well."""

    language: str
    default: str

    def __call__(self, text: Mapping[str, str] | str | None) -> OwnText | None:
        """Return the text that there is for the reader; None for none."""
        if not text:
            return None
        if isinstance(text, str):
            return OwnText(text, self.default)
        given = {language: words for language, words in text.items() if words}
        found = next((each for each in (self.language, self.default, *given) if each in given), None)
        return OwnText(given[found], found) if found else None


def marked(text: Any, language: str) -> Any:
    """Return a text for a page in `language`: with the language and direction of its own where that is another."""
    if not isinstance(text, OwnText) or text.language == language:
        return text
    return Markup('<bdi lang="{}">{}</bdi>').format(text.language, str(text))

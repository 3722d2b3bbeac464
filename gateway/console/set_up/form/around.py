"""What a form knows besides its own values: who reads it, and what the document lists that its fields may name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.clients.document_words import DocumentWords
from gateway.console.frame.names import Names
from shared.texts.language import own_name

Pairs = Sequence[tuple[str, str]]
"""What a field may be, and how each is called."""


@dataclass(frozen=True)
class Around:
    """The reader's language and words, and the document in force."""

    language: str
    document: Mapping[str, Any]
    words: DocumentWords

    @property
    def languages(self) -> Pairs:
        """The languages that the clinic writes its texts in, by the names that they give themselves."""
        return [(language, own_name(language)) for language in self.document["languages"]]

    def named(self, sections: Sequence[str]) -> Pairs:
        """Return key and name of everything in some sections; `pools` are those of its rooms and devices."""
        return [pair for section in sections for pair in self._section(section)]

    def _section(self, section: str) -> Pairs:
        if section == "pools":
            pools = dict.fromkeys(row["pool"] for row in self.document["resources"] if row["pool"])
            return [(pool, self.words.pool(pool)) for pool in pools]
        if section == "templates":
            return [(row["key"], row["key"]) for row in self.document["templates"]]
        return Names(self.document, self.language).pairs(section)

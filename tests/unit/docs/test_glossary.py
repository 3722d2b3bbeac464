"""The words that patients read are those of docs/glossary.md: its tables say which ones no text may have."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from scripts.texts import CATALOGUES, ROOT, read
from shared.texts.language import LANGUAGES

SECTIONS = {
    "en": "English", "sv": "Svenska", "nb": "Norsk (bokmål)", "da": "Dansk", "fr": "Français (Suisse romande)",
    "fa": "فارسی",
}  # fmt: skip
COLUMNS = 4


@cache
def unsaid(language: str) -> tuple[str, ...]:
    """Return the words of the column `not` of a language's table."""
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {SECTIONS[language]}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")][2:]
    assert {len(row) for row in rows} == {COLUMNS}, "each row says what, the word, the others, and why"
    return tuple(word for row in rows for word in re.findall(r"`([^`]+)`", row[2]))


def found_in(text: str, words: tuple[str, ...]) -> list[str]:
    """Return which words stand in a text: whole ones, unless they end in an ellipsis; each may begin a sentence."""
    return [word for word in words if re.search(_pattern(word), text)]


@cache
def _pattern(word: str) -> str:
    first, rest = re.escape(word[0]), re.escape(word.rstrip("…")[1:])
    start = f"[{first}{first.upper()}]" if word[0].islower() else first
    return rf"(?<![\w-]){start}{rest}" + ("" if word.endswith("…") else r"(?![\w-])")


def texts_of(language: str) -> Iterator[str]:
    """Yield what the pages, the messages and the demo clinics say in a language."""
    for each in CATALOGUES:
        if language == "en":
            yield from each.sentences()
        else:
            yield from (str(message.string) for message in read(each.path(language), language) if message.id)
    for path in (ROOT / "demo").glob("*.yaml"):
        yield from _in_document(yaml.safe_load(path.read_text(encoding="utf-8")), language)


def _in_document(value: Any, language: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for key, text in value.items() if key == language and isinstance(text, str))
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _in_document(each, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_word_that_the_glossary_leaves_to_others(language: str) -> None:
    texts = [*texts_of(language)]
    assert len(texts) > 400
    assert [(found, text) for text in texts if (found := found_in(text, unsaid(language)))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_has_a_table_of_each_language_and_says_each_word_once(language: str) -> None:
    words = unsaid(language)
    assert len(words) == len(set(words)) > 5


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Reserver en tid", "reserver…"),
        ("Tiden er reserveret.", "reserver…"),
        ("Få en mail", "mail"),
        ("Send SMS", "SMS"),
        ("Give your name.", "give your"),
        ("کد را بنویسید.", "بنویسید"),
    ],
)
def test_a_word_is_found_at_the_beginning_and_with_its_endings(text: str, word: str) -> None:
    assert found_in(text, (word,)) == [word]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Få en e-mail", "mail"),
        ("Mailserveren", "mail"),
        ("Få en sms", "SMS"),
        ("Få en SMS", "sms"),
        ("هم‌تازه", "تازگی"),
    ],
)
def test_other_words_are_not_taken_for_it(text: str, word: str) -> None:
    assert found_in(text, (word,)) == []

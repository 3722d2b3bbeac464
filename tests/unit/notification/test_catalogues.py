"""Every sentence of the messages stands in every language's catalogue, and none is left over."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from services.notification.wording import appointment_notice, call_notice, notice
from shared.language import LANGUAGES


def sentences() -> set[str]:
    files = [Path(str(module.__file__)) for module in (notice, appointment_notice, call_notice)]
    return {str(found[1]) for file in files for found in extract_from_file("python", file)}


def catalogue(language: str) -> Catalog:
    with (notice.LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_every_sentence_and_no_other(language: str) -> None:
    written = {message.id for message in catalogue(language) if message.id}
    assert len(sentences()) > 20
    assert written == sentences()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_is_there_and_names_the_same_variables(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            assert message.string, message.id
            assert not message.fuzzy, message.id
            assert sorted(re.findall(r"%\(\w+\)s", message.string)) == sorted(re.findall(r"%\(\w+\)s", message.id))


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_sentences_are_translated_not_copied(language: str) -> None:
    same = [message.id for message in catalogue(language) if message.id and message.string == message.id]
    assert all(len(str(text)) < 25 for text in same), same

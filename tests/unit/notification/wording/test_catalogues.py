"""Every sentence of the messages is translated in every catalogue, with the variables that it names."""

import re

import pytest

from scripts.texts import CATALOGUES, TRANSLATED, read

_, MESSAGES = CATALOGUES
"""The catalogues of the messages."""


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_is_there_and_names_the_same_variables(language: str) -> None:
    written = [message for message in read(MESSAGES.path(language), language) if message.id]
    assert len(written) > 20
    for message in written:
        assert message.string, message.id
        assert not message.fuzzy, message.id
        assert sorted(re.findall(r"%\(\w+\)s", message.string)) == sorted(re.findall(r"%\(\w+\)s", message.id))


@pytest.mark.parametrize("language", TRANSLATED)
def test_sentences_are_translated_not_copied(language: str) -> None:
    same = [
        message.id for message in read(MESSAGES.path(language), language) if message.id and message.string == message.id
    ]
    assert all(len(str(text)) < 25 for text in same), same

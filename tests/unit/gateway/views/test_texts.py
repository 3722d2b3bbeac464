"""Every text that a page can show stands in every catalogue (PRODUCT, Languages)."""

import re
from collections.abc import Iterator

import pytest

from scripts.texts import CATALOGUES, ROOT, TRANSLATED, read
from shared.identity.emails import normal_email
from shared.identity.numbers import SCHEMES, check_number
from shared.identity.telephones import normal_phone

PAGES, _ = CATALOGUES
"""The gateway's catalogues."""


def told_by_identity() -> Iterator[str]:
    """Yield what `shared.identity` says of numbers and addresses that are wrong."""
    wrong = [lambda: normal_phone("x", "SE"), lambda: normal_email("x")]
    wrong += [lambda scheme=scheme: check_number(scheme, "x") for scheme in SCHEMES]  # type: ignore[misc]
    for attempt in wrong:
        with pytest.raises(ValueError, match=r".") as caught:
            attempt()
        yield str(caught.value)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language):
    known = {message.id for message in read(PAGES.path(language), language) if message.string and not message.fuzzy}
    wanted = PAGES.sentences()
    assert len(wanted) > 150
    assert sorted(wanted - known) == []


def test_what_the_rules_of_numbers_and_addresses_say_is_among_the_texts():
    told = {*told_by_identity()}
    assert len(told) > 5
    assert sorted(told - PAGES.sentences()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_their_placeholders(language):
    marks = re.compile(r"%\(\w+\)s|\{\w+\}|%(?!\()")
    for message in read(PAGES.path(language), language):
        if message.id:
            assert sorted(marks.findall(message.id)) == sorted(marks.findall(message.string)), message.id


def test_texts_in_templates_all_go_through_the_catalogue():
    bare = re.compile(r">\s*([A-Za-z][^<>{}]*[a-z]{2}[^<>{}]*)<")
    pages = [*(ROOT / "gateway").glob("**/templates/*.html")]
    assert "base.html" in {path.name for path in pages}
    for path in pages:
        found = [text.strip() for text in bare.findall(path.read_text())]
        assert [text for text in found if text != "Frontdesk"] == [], path.name


def test_danes_are_asked_for_their_cpr_number_by_one_name() -> None:
    texts = {str(each.id): str(each.string) for each in read(PAGES.path("da"), "da")}
    danish = [id for id in texts if "Swedish" not in id and "coordination number" not in id]
    assert [id for id in danish if "personnummer" in texts[id].casefold()] == []

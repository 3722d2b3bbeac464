"""Every text that a page can show stands in every catalogue (PRODUCT, Languages)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway.http.wording import LOCALES
from shared.identity import SCHEMES, check_number, normal_email, normal_phone
from shared.language import LANGUAGES

ROOT = Path(__file__).parents[3]
TRANSLATED = [language for language in LANGUAGES if language != "en"]
FIELD_RULES = ("services/booking/model/details.py", "services/booking/model/answers.py")


def used() -> set[str]:
    """Return the msgids of the gateway's templates and modules."""
    found = extract_from_dir(
        ROOT / "gateway",
        method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")],
        keywords={"_": None, "N_": None},
    )
    return {text for _, _, text, _, _ in found if isinstance(text, str)}


def told_by_identity() -> Iterator[str]:
    """Yield what `shared.identity` says of numbers and addresses that are wrong."""
    wrong = [lambda: normal_phone("x", "SE"), lambda: normal_email("x")]
    wrong += [lambda scheme=scheme: check_number(scheme, "x") for scheme in SCHEMES]  # type: ignore[misc]
    for attempt in wrong:
        with pytest.raises(ValueError, match=r".") as caught:
            attempt()
        yield str(caught.value)


def told_by_booking() -> Iterator[str]:
    """Yield the sentences in booking's rules for fields: constants in `[…]`, in `ValueError(…)` and with a name."""
    for path in FIELD_RULES:
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            for value in _told(node):
                if isinstance(value, ast.Constant) and re.fullmatch(r"[A-Z].* .*\.", str(value.value)):
                    yield str(value.value)


def _told(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.List):
        return node.elts
    if isinstance(node, ast.Assign):
        return [node.value]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ValueError":
        return node.args
    return []


def catalogue(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language):
    known = {message.id for message in catalogue(language) if message.string}
    wanted = used() | {*told_by_identity(), *told_by_booking()}
    assert len(wanted) > 150
    assert sorted(wanted - known) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogues_hold_nothing_that_is_not_used(language):
    known = {message.id for message in catalogue(language) if message.id}
    assert sorted(known - used() - {*told_by_identity(), *told_by_booking()}) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_their_placeholders(language):
    marks = re.compile(r"%\(\w+\)s|\{\w+\}|%(?!\()")
    for message in catalogue(language):
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
    with (LOCALES / "da.po").open("rb") as file:
        texts = {str(each.id): str(each.string) for each in read_po(file)}
    danish = [id for id in texts if "Swedish" not in id and "coordination number" not in id]
    assert [id for id in danish if "personnummer" in texts[id].casefold()] == []

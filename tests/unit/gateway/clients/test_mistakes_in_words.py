"""Whatever is wrong with a clinic document is told in the reader's language (issue 14, C3, N4).

The sentences are found in the source of the checks, so that one that is added is missed here.
"""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from gateway.clients.document_words import DocumentWords
from gateway.clients.document_words.mistakes import sentence_of
from scripts.texts import ROOT
from services.availability.document import check
from shared.texts.language import LANGUAGES
from shared.texts.message_templates import problems
from tests.builders.clinics.written import a_written_document

CHECKS = (*sorted((ROOT / "services/availability/document").glob("*.py")), ROOT / "shared/texts/message_templates.py")
HANDLER = ROOT / "services/availability/handlers/set_up.py"
HINT = re.compile(r"(?<=[.;]) ?(?:Did you mean|Known|A bare|9+$).*", re.DOTALL)
NOT_OF_A_DOCUMENT = {
    "9 #9",  # the name of an item that has none
}


def sentences_of(path: Path) -> Iterator[str]:
    """Yield the whole sentences in a module, docstrings apart; `9` stands where something is filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in texts:
            sentence = _text(node)
            if re.fullmatch(r'["9A-Z].* .*[.9]', sentence, re.DOTALL):
                yield sentence


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "9" for part in node.values)


def of_the_checks() -> list[str]:
    found = chain.from_iterable(sentences_of(path) for path in CHECKS)
    named = (each for each in sentences_of(HANDLER) if each.startswith("This is the document of"))
    return [*dict.fromkeys([*found, *named])]


def test_each_sentence_of_the_checks_has_its_words_in_six_languages() -> None:
    sentences = [each for each in of_the_checks() if each not in NOT_OF_A_DOCUMENT]
    assert len(sentences) > 90
    assert [each for each in sentences if sentence_of(HINT.sub("", each)) is None] == []
    told = {language: DocumentWords(language).mistake("This key is required; write it.") for language in LANGUAGES}
    assert len(set(told.values())) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "source", "told"),
    [
        ("en", "Hi {{ patient.firstname }}", "“patient.firstname” is not among what can be filled in. Did you mean "
         "“patient.first_name”?"),
        ("en", "Hi {{ code }}", "“code” is never filled in in this message. Remove it."),
        ("en", "Hi {% if %}", "The double braces in line 1 do not fit together."),
        ("en", "{{ link | shout }}", "Line 1: there is no filter “shout”."),
        ("da", "\n{% for a in link %}{% endfor %}", "Linje 2: En besked kan ikke gentage noget. Skriv det én gang."),
        ("fa", "{{ link() }}", "سطر ۱: پیام چیزی را اجرا نمی‌کند. اگر فیلتری این کار را می‌کند، آن را پس از "),
        ("sv", "{{ link + code }}", "Rad 1: Ett meddelande räknar inte. Sätt ihop texter med ~."),
        ("nb", "{{ patient.first_name.foo }}", "«patient.first_name.foo» kan ikke fylles ut."),
        ("fr", "{{ link }}" * 50, "Le message dépasse 1600 caractères. Raccourcissez-le."),
    ],
)  # fmt: skip
def test_n4_a_mistake_in_a_template_is_told_with_its_line_and_what_is_right(
    language: str, source: str, told: str
) -> None:
    document = a_written_document()
    document["messages"] = {"booked": {"sms": {"sv": source}}}
    messages = [each.message for each in check(document).problems if each.path.startswith("messages.")]
    words = DocumentWords(language)
    assert words.mistake(messages[0]).startswith(told)
    assert problems("booked", "sms", source)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    ["", "clinic: [", "a: 1\na: 2", "clinic: x\ntypo: 1\n", "types: 3", "clinic: !x y", "booking: {active: maybe}",
     "details: {name: x}", "plans: {}", "a: &b [*b]", "? [1, 2]\n: 3", "templates: [{week: {mon: [{from: 480}]}}]"],
)  # fmt: skip
def test_c3_who_writes_the_text_is_told_in_their_language_too(text: str, language: str) -> None:
    words = DocumentWords(language)
    found = [each.message for each in check(text).problems]
    told = [words.mistake(each, hints=True) for each in found]
    assert found
    assert not set(told) & set(found), "nothing is told in the words of the check itself"


def test_c3_hints_are_told_to_who_writes_and_not_to_who_chooses() -> None:
    words, message = DocumentWords("en"), check({"details": {"name": "requird"}}).problems
    found = next(each.message for each in message if each.path == "details.name")
    assert words.mistake(found) == "Choose one of these."
    assert words.mistake(found, hints=True) == (
        "Choose one of these. Did you mean “required”? Possible here: required, optional, hidden."
    )

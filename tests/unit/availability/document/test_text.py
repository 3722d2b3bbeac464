"""Documents as text: YAML or JSON, read without surprises and without danger."""

import json
from typing import Any

import pytest

from services.availability.document import check
from services.availability.document.text import LONGEST_TEXT, Unreadable, read
from tests.builders.clinics.written import a_written_document


def test_bare_words_are_the_texts_that_stand_there() -> None:
    text = """
    time: 08:00
    afternoon: 13:00
    date: 2026-12-24
    moment: 2026-12-24T13:00
    price: 995.00
    country: NO
    switch: off
    yes_no: [true, false, yes]
    number: 12
    nothing:
    null_too: ~
    quoted: "12"
    """
    assert read(text) == {
        "time": "08:00",
        "afternoon": "13:00",
        "date": "2026-12-24",
        "moment": "2026-12-24T13:00",
        "price": "995.00",
        "country": "NO",
        "switch": "off",
        "yes_no": [True, False, "yes"],
        "number": 12,
        "nothing": None,
        "null_too": None,
        "quoted": "12",
    }


def test_yaml_and_json_of_the_same_document_are_the_same() -> None:
    document = a_written_document()
    assert check(json.dumps(document)) == check(json.dumps(document, indent="\t")) == check(document)


def test_numbers_with_decimals_are_kept_as_written() -> None:
    assert read('{"price": 995.50}') == {"price": "995.50"}


def test_an_alias_may_repeat_a_part() -> None:
    assert read("mon: &day [{from: 08:00}]\ntue: *day") == {"mon": [{"from": "08:00"}], "tue": [{"from": "08:00"}]}


BOMB = "- &a0 [x, x, x, x]\n" + "".join(
    f"- &a{level} [{', '.join([f'*a{level - 1}'] * 8)}]\n" for level in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ("name: a\nname: b", "line 2", "twice"),
        ('{"name": "a", "name": "b"}', "name", "twice"),
        ("types:\n  - key: a\n    key: b", "line 3", "twice"),
        ("name: [", "line 2", "neither YAML nor JSON"),
        ("{name: [}", "line 1", "neither YAML nor JSON"),
        ("", "", "empty"),
        ("a: *b", "line 1", "undefined alias"),
        ("a: &a [*a]", "line 1", "contains itself"),
        (BOMB, "", "more than 200000 values"),
        ("[" * 30 + "]" * 30, "line 1", "20 levels"),
        ('{"a":' * 100_000, "", "neither"),
        ("a: 1\n---\nb: 2", "line 2", "another document"),
        ("? [a]\n: 1", "line 1", "single word"),
        ("a: !!python/object/apply:os.system [ls]", "line 1", "without the tag"),
        ("a: !!timestamp x", "line 1", "without the tag"),
        ("a: \x00", "", "control characters"),
        ("a: \ud800", "", "surrogates"),
        ("a: " + "9" * 5000, "", "digits"),
        ('{"a": ' + "9" * 5000 + "}", "", "digits"),
        ("#" * (LONGEST_TEXT + 1), "", "shorten it"),
    ],
)
def test_text_that_cannot_be_read_says_where_and_why(text: str, path: str, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert caught.value.problem.path in path.split("|")
    assert any(words in caught.value.problem.message for words in says.split("|"))


def test_an_unreadable_text_is_a_problem_of_the_document() -> None:
    [problem] = check("name: a\nname: b").problems
    assert (problem.path, "twice" in problem.message) == ("line 2", True)


@pytest.mark.parametrize("text", ["just words", "- a\n- b", "12", "~", '"a"', '["a"]'])
def test_text_that_is_no_section_is_no_document(text: str) -> None:
    [problem] = check(text).problems
    assert "not a document" in problem.message


def _deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


def test_values_nested_deep_in_a_wrong_place_do_no_harm() -> None:
    problems = check(a_written_document(name=_deep(5000), types=[_deep(5000)], absences=_deep(5000))).problems
    assert {problem.path for problem in problems} >= {"name", "types[0]", "absences[0]"}

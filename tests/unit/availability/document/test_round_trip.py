"""Export and apply are inverse (C3), and a comparison is empty exactly where nothing changed."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.availability.document import check, compare, with_absence_ids
from shared.texts.document_text import to_yaml
from tests.builders.clinics.document_strategies import written_documents
from tests.builders.clinics.written import a_written_document

DEMO = Path(__file__).parents[4] / "demo"
A_TYPE = {"key": "exam", "name": "US", "length": "30m"}
MODEST = settings(max_examples=settings().max_examples // 10)


def normal(source: object) -> dict[str, Any]:
    """Return the normal form of a document that must have no mistakes."""
    checked = check(source)
    assert checked.problems == ()
    return checked.document


def stored(document: dict[str, Any]) -> dict[str, Any]:
    """Return a normal form as it lies in the database: its absences have ids."""
    numbers = count(1)
    return with_absence_ids(document, [], make_id=lambda: f"id{next(numbers)}")


@MODEST
@given(written_documents())
def test_applying_an_export_changes_nothing(written: dict[str, Any]) -> None:
    document = stored(normal(written))
    for source in (document, to_yaml(document), json.dumps(document), json.dumps(document, ensure_ascii=False)):
        again = with_absence_ids(normal(source), document["absences"], make_id=None)
        assert again == document
        assert compare(document, again) == []


@MODEST
@given(written_documents())
def test_applying_the_written_document_again_changes_nothing(written: dict[str, Any]) -> None:
    document = stored(normal(written))
    assert with_absence_ids(normal(written), document["absences"], make_id=None) == document


@MODEST
@given(written_documents(), written_documents())
def test_a_comparison_is_empty_exactly_where_documents_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    before, after = normal(one), normal(other)
    assert (compare(before, after) == []) == (before == after)


@MODEST
@given(written_documents(), st.data())
def test_every_reordering_of_what_is_shown_in_order_is_a_change(written: dict[str, Any], data: st.DataObject) -> None:
    before = normal(written)
    section = data.draw(st.sampled_from(["practitioners", "resources", "types", "block_kinds"]))
    after = {**before, section: data.draw(st.permutations(before[section]))}
    assert (compare(before, after) == []) == (before == after)


@pytest.mark.parametrize("path", sorted(DEMO.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_demo_clinic_survives_export_and_apply(path: Path) -> None:
    document = stored(normal(path.read_text(encoding="utf-8")))
    assert normal(to_yaml(document)) == document


def test_an_export_is_written_in_the_order_of_the_contract_and_readable() -> None:
    text = to_yaml(normal(a_written_document()))
    assert text.startswith("clinic: solna\nname: Solna Tandvård\ntime_zone: Europe/Stockholm\n")
    assert "&" not in text, "aliases would make an exported part hard to edit"


def test_texts_that_look_like_other_things_stay_texts() -> None:
    names = [
        "no",
        "on",
        "null",
        "~",
        "12",
        "0x1F",
        "1_000",
        "08:00",
        "2026-12-24",
        "1e3",
        "=",
        "<<",
        "- a",
        "a: b",
        "#",
    ]
    people = [{"key": f"p{index}", "name": name} for index, name in enumerate(names)]
    document = normal(a_written_document(practitioners=people, plans=[], days=[], absences=[], types=[A_TYPE]))
    assert [person["name"] for person in normal(to_yaml(document))["practitioners"]] == names

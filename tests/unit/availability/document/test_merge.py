"""Two changes of one document become one, where they do not touch each other (C3, issue 14.4)."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.availability.document import check, merge
from tests.builders.clinics.written import a_written_document


def a_document() -> dict[str, Any]:
    return check(a_written_document()).document


def changed(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(a_document()), **changes}


def paths(merged: Any) -> list[str]:
    return [each.path for each in merged.clashes]


def test_c3_what_only_one_of_two_has_touched_is_as_they_say() -> None:
    base = a_document()
    mine, theirs = changed(name="Mine"), deepcopy(base)
    theirs["types"][0]["length"] = "55m"
    merged = merge(base, mine, theirs)
    assert (merged.document["name"], merged.document["types"][0]["length"]) == ("Mine", "55m")
    assert not merged.clashes


def test_c3_what_both_have_touched_is_told_with_both_values_and_stays_as_theirs() -> None:
    base = a_document()
    merged = merge(base, changed(name="Mine"), changed(name="Theirs"))
    assert merged.document["name"] == "Theirs"
    assert [each.to_json() for each in merged.clashes] == [
        {"path": "name", "before": base["name"], "mine": "Mine", "theirs": "Theirs"}
    ]


def test_c3_what_both_have_made_the_same_is_no_clash() -> None:
    assert not merge(a_document(), changed(name="Both"), changed(name="Both")).clashes


def test_c3_items_of_lists_are_followed_by_their_keys() -> None:
    base = a_document()
    mine, theirs = deepcopy(base), deepcopy(base)
    mine["types"].append({**base["types"][0], "key": "mine"})
    theirs["types"].insert(0, {**base["types"][0], "key": "theirs"})
    mine["types"][0]["length"] = "55m"
    merged = merge(base, mine, theirs)
    keys = [each["key"] for each in base["types"]]
    assert [each["key"] for each in merged.document["types"]] == ["theirs", *keys, "mine"]
    assert merged.document["types"][1]["length"] == "55m"


def test_c3_an_item_that_one_takes_out_and_the_other_changes_is_a_clash() -> None:
    base = a_document()
    mine, theirs = deepcopy(base), deepcopy(base)
    gone = mine["types"].pop(0)
    theirs["types"][0]["length"] = "55m"
    merged = merge(base, mine, theirs)
    assert paths(merged) == [f"types[{gone['key']}]"]
    assert merged.document["types"] == theirs["types"]


def test_c3_an_item_that_one_takes_out_is_out() -> None:
    base = a_document()
    mine = deepcopy(base)
    mine["types"].pop(0)
    merged = merge(base, mine, changed(name="Theirs"))
    assert merged.document["types"] == mine["types"]
    assert not merged.clashes


_NAMES = st.lists(st.sampled_from("abcde"), unique=True)


@given(_NAMES, _NAMES, _NAMES)
def test_c3_a_merged_list_has_what_is_left_and_added_by_either_and_each_item_once(
    old: list[str], own: list[str], other: list[str]
) -> None:
    base, mine, theirs = ({"types": [{"key": each} for each in names]} for names in (old, own, other))
    found = [each["key"] for each in merge(base, mine, theirs).document["types"]]
    assert len(found) == len(set(found))
    assert set(found) == (set(own) & set(other)) | (set(own) ^ set(other)) - set(old)


@given(_NAMES, _NAMES)
def test_c3_who_changes_alone_gets_just_what_they_wrote(old: list[str], new: list[str]) -> None:
    base, other = ({"types": [{"key": each} for each in names]} for names in (old, new))
    assert merge(base, other, base).document == merge(base, base, other).document == other

"""Comparing two documents: readable paths, items named by their key (C3)."""

import copy
from typing import Any

from services.availability.document import Change, check, compare, with_absence_ids
from tests.builders.clinics.written import a_written_document, changed


def differences(path: list[str | int], value: Any) -> list[Change]:
    """Return what changes when `value` is written at `path`."""
    before = check(a_written_document()).document
    return compare(before, check(changed(path, value)).document)


def test_a_changed_value_is_named_by_the_keys_of_the_items_it_lies_in() -> None:
    assert differences(["types", 1, "length"], "1h") == [Change("types[acute].length", "1h15m", "1h")]


def test_a_value_deep_in_a_section() -> None:
    assert differences(["booking", "holidays"], {"closed": False}) == [Change("booking.holidays.closed", True, False)]


def test_a_text_changes_by_language() -> None:
    assert differences(["types", 0, "alias"], {"sv": "US", "en": "Exam"}) == [
        Change("types[exam].alias.en", None, "Exam")
    ]


def test_a_new_item_comes_whole() -> None:
    found = differences(["practitioners", 2], {"key": "maja", "name": "Maja"})
    assert [(change.path, change.before, change.after["name"]) for change in found] == [
        ("practitioners[maja]", None, "Maja")
    ]


def test_a_removed_item_goes_whole() -> None:
    document = a_written_document()
    del document["resources"][1]
    found = compare(check(a_written_document()).document, check(document).document)
    assert [(change.path, change.after) for change in found] == [("resources[room-2]", None)]


def test_another_order_is_a_change_since_items_are_shown_in_order() -> None:
    document = a_written_document()
    document["practitioners"].reverse()
    found = compare(check(a_written_document()).document, check(document).document)
    assert found == [Change("practitioners", ["anna", "erik"], ["erik", "anna"])]


def test_a_weekday_changes_as_a_whole() -> None:
    [change] = differences(["templates", 0, "week", "tue"], [{"kind": "exam", "from": "08:00", "to": "09:00"}])
    assert change.path == "templates[normal].week.tue"
    assert (change.before, change.after[0]["to"]) == ([], "09:00")


def test_plans_days_and_absences_are_named_by_whose_they_are_and_when() -> None:
    assert [c.path for c in differences(["plans", 0, "to"], "2026-06-30")] == ["plans[anna normal 2026-01-01 all].to"]
    assert [c.path for c in differences(["days", 1], {"practitioner": "erik", "date": "2026-12-23"})] == [
        "days[erik 2026-12-23]"
    ]
    assert [c.path for c in differences(["absences", 0, "reason"], "Ledig")] == [
        "absences[anna 2026-12-24 2026-12-31].reason"
    ]


def test_items_of_one_name_are_counted() -> None:
    twin = {"practitioner": "anna", "from": "2026-12-24", "to": "2026-12-31", "reason": "Semester"}
    assert [c.path for c in differences(["absences", 1], twin)] == ["absences[anna 2026-12-24 2026-12-31 #2]"]


def test_without_a_clinic_before_everything_is_new() -> None:
    after = check(a_written_document()).document
    found = {change.path: change for change in compare(None, after)}
    assert found["name"] == Change("name", None, "Solna Tandvård")
    assert "types[exam]" in found


def test_false_and_zero_are_no_equals_and_neither_is_what_was_left_out() -> None:
    assert differences(["booking", "days_after_today"], 0) == [Change("booking.days_after_today", None, 0)]


def test_a_key_that_an_older_version_did_not_know_is_no_change_while_nothing_stands_there() -> None:
    """C3: an export of then changes nothing when it is applied."""
    after = check(a_written_document()).document
    before = copy.deepcopy(after)
    del before["types"][0]["needs"]["without"]
    assert compare(before, after) == []
    after["types"][0]["needs"]["without"] = ["anna"]
    assert compare(before, after) == [Change("types[exam].needs.without", None, ["anna"])]


def test_absences_without_ids_keep_those_of_their_equals() -> None:
    """The document's absences are the list of the staff API: an export that lost its ids makes no new ones."""
    document = check(a_written_document()).document
    twins = {**document, "absences": document["absences"] * 2}
    present = [{**document["absences"][0], "id": id} for id in ("first", "second", "third")]
    kept = with_absence_ids(twins, present, make_id=lambda: "new")["absences"]
    assert [row["id"] for row in kept] == ["first", "second"]
    fresh = with_absence_ids(twins, present[:1], make_id=lambda: "new")["absences"]
    assert [row["id"] for row in fresh] == ["first", "new"]


def test_an_id_that_is_given_is_kept_and_not_given_to_another() -> None:
    document = check(a_written_document()).document
    [absence] = document["absences"]
    named = {**document, "absences": [absence, {**absence, "id": "first"}]}
    kept = with_absence_ids(named, [{**absence, "id": "first"}], make_id=lambda: "new")["absences"]
    assert [row["id"] for row in kept] == ["new", "first"]

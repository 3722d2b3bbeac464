"""What availability's store promises of a set-up's history and pictures, on both databases (CONTRACTS 4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.availability.model.current import StoredClinic
from services.availability.model.history import Entry
from services.availability.store import AvailabilityStore
from shared.contracts.pictures import Picture
from tests.integration.availability.conftest import Work

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def test_b21_a_picture_is_kept_under_its_name_and_replaced_there(work: Work) -> None:
    first, second = Picture("anna", "a" * 16, 144, 192), Picture("anna", "b" * 16, 480, 120)
    body = bytes(range(256)) * 200
    with work() as store:
        store.keep_picture("solna", first, b"\0 first", NOW)
        store.keep_picture("solna", Picture("logo", "c" * 16, 1, 1), b"logo", NOW)
        store.keep_picture("lund", first, b"another clinic's", NOW)
    with work() as store:
        assert store.picture("solna", "anna") == (first, b"\0 first")
        store.keep_picture("solna", second, body, NOW)
    with work.reading() as store:
        assert store.picture("solna", "anna") == (second, body)
        assert store.picture("lund", "anna") == (first, b"another clinic's")
        assert store.picture("solna", "Anna") is None
        assert [each.name for each in store.pictures("solna")] == ["anna", "logo"]
        assert store.pictures("solna")[0] == second
        assert store.pictures("bergen") == []
        assert [store.count_other_pictures("solna", name) for name in ("anna", "erik")] == [1, 2]


def test_b21_a_removed_picture_is_gone_and_no_other(work: Work) -> None:
    anna = Picture("anna", "a" * 16, 144, 192)
    with work() as store:
        for clinic in ("solna", "lund"):
            store.keep_picture(clinic, anna, b"x", NOW)
        assert store.remove_picture("solna", "anna")
        assert not store.remove_picture("solna", "anna")
    with work.reading() as store:
        assert store.pictures("solna") == []
        assert store.pictures("lund") == [anna]


def an_entry(revision: int, **changes: Any) -> Entry:
    """Return an entry of the history."""
    return replace(Entry(revision, "document", NOW, {"kind": "tool", "id": "cli"}, [{"path": "é"}]), **changes)


def test_c3_the_history_tells_entries_newest_first_and_states_of_any_revision(work: Work) -> None:
    first, second = {"z": {"fa": "باز"}, "a": [None, True, 1.5]}, {"z": "2"}
    with work() as store:
        store.record("solna", [(an_entry(7, kind="begun", actor=None, changes=[]), first), (an_entry(8), second)])
        store.record("solna", [(an_entry(9, kind="absence"), None)])
        store.record("lund", [(an_entry(3), {})])
    with work.reading() as store:
        assert store.history("solna", 9) == [
            an_entry(9, kind="absence"), an_entry(8), an_entry(7, kind="begun", actor=None, changes=[])
        ]  # fmt: skip
        assert [each.revision for each in store.history("solna", 1, before=9)] == [8]
        assert [each.revision for each in store.history("solna", 9, since=7)] == [9, 8]
        assert [store.state("solna", revision) for revision in (6, 7, 8, 9)] == [None, first, second, second]
        assert list(store.state("solna", 7) or {}) == ["z", "a"]
        assert [store.first_in_history(clinic) for clinic in ("solna", "lund", "bergen")] == [7, 3, None]


def test_c3_an_entry_that_is_there_stays(work: Work) -> None:
    with work() as store:
        store.record("solna", [(an_entry(7), {"a": 1})])
        store.record("solna", [(an_entry(7, kind="begun"), {"a": 2}), (an_entry(8), None)])
        assert [each.kind for each in store.history("solna", 9)] == ["document", "document"]
        assert store.state("solna", 8) == {"a": 1}


def test_c3_who_changes_a_clinic_is_told_whether_its_history_goes_so_far(work: Work) -> None:
    with work() as store:
        store.add_clinic("solna", {}, NOW)
        for other, revision in (("lund", 1), ("solna", 2)):
            store.record(other, [(an_entry(revision), {})])
        assert store.clinic_to_change("solna") == StoredClinic(1, {}, is_recorded=False)
        store.record("solna", [(an_entry(1), {})])
        assert store.clinic_to_change("solna") == StoredClinic(1, {}, is_recorded=True)


def test_b21_a_former_picture_is_kept_by_what_it_shows(work: Work) -> None:
    first, second = Picture("anna", "a" * 16, 144, 192), Picture("anna", "b" * 16, 480, 120)
    with work() as store:
        for picture, body in ((first, b"\0 first"), (second, b"second"), (first, b"\0 first")):
            store.keep_former_picture("solna", "anna", NOW, 2)
            store.keep_picture("solna", picture, body, NOW)
        store.keep_former_picture("solna", "anna", NOW, 2)
        assert store.former_picture("solna", "anna", "a" * 16) == (first, b"\0 first")
        assert store.former_picture("solna", "anna", "b" * 16) == (second, b"second")
        assert store.former_picture("lund", "anna", "a" * 16) is None


def former(store: AvailabilityStore, clinic: str) -> list[str]:
    """Return the first sign of the hash of each former picture of `anna`."""
    return [each for each in "abcd" if store.former_picture(clinic, "anna", each * 16)]


def replace_pictures(store: AvailabilityStore, clinic: str, shown: str, most: int = 9) -> None:
    """Show one picture after the other for a minute each, named by the first sign of their hashes."""
    for minute, hash in enumerate(shown):
        now = NOW + minute * timedelta(minutes=1)
        store.keep_former_picture(clinic, "anna", now, most)
        store.keep_picture(clinic, Picture("anna", hash * 16, 144, 192), hash.encode(), now)


def test_b21_a_former_picture_is_forgotten_from_when_it_was_last_replaced(work: Work) -> None:
    """ADR 42: `a` was shown at 0 and at 2, so it was replaced at 1 and at 3; `b` at 2 alone."""
    with work() as store:
        replace_pictures(store, "solna", "abac")
        store.forget_former_pictures(NOW + timedelta(minutes=2) - INSTANT)
        assert former(store, "solna") == ["a", "b"]
        store.forget_former_pictures(NOW + timedelta(minutes=2))
        assert former(store, "solna") == ["a"]
        store.forget_former_pictures(NOW + timedelta(minutes=3))
        assert former(store, "solna") == []
        assert store.picture("solna", "anna") is not None, "the one that is shown stays"


def test_b21_of_a_clinic_s_former_pictures_the_latest_are_kept(work: Work) -> None:
    with work() as store:
        for clinic in ("lund", "solna"):
            replace_pictures(store, clinic, "abcd", most=9 if clinic == "lund" else 2)
        assert former(store, "solna") == ["b", "c"], "`d` is shown"
        assert former(store, "lund") == ["a", "b", "c"], "each clinic has its own"

"""Each entry of a history is sealed to the one before it (PRODUCT A1)."""

from dataclasses import replace
from typing import Any

import pytest

from services.booking.model.history import Chain, Entry, Head, Personal, differences
from tests.builders.booking.world import CLINIC, KEYS, NOW

PERSONAL = Personal(KEYS.people, "key")
CHAIN = Chain("key", PERSONAL)


def a_history(length: int) -> tuple[Head, list[Entry]]:
    """Return a history and its head."""
    head, entries = Head("B", 0, ""), []
    for number in range(length):
        entry = CHAIN.entry(
            head, clinic=CLINIC, at=NOW, type="BookingMoved", actor={"kind": "patient", "id": None}, source="192.0.2.1",
            changes={"minutes": [number, number + 1]}, version=number + 1, written={"comment": "Maja is ill"},
        )  # fmt: skip
        entries.append(entry)
        head = Head("B", entry.position, entry.hash)
    return head, entries


def broken(head: Head, entries: list[Entry]) -> list[int | None]:
    """Return the positions at which a history is broken."""
    return [each.position for each in CHAIN.verify(head, entries)]


def test_a_history_that_nobody_touched_is_whole() -> None:
    assert broken(*a_history(4)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOW.replace(year=2020)}, {"type": "BookingCancelled"}, {"actor": {"kind": "staff", "id": "x"}},
        {"source": None}, {"changes": {}}, {"version": 9}, {"clinic": "other"},
        {"source": PERSONAL.sealed("198.51.100.9")}, {"source": "sealed:k1.nothing"},
        {"digests": None}, {"digests": {}},
        {"changes": {"minutes": [1, 2], "comment": [None, PERSONAL.sealed("Maja is well")]}},
        {"changes": {"minutes": [1, 2]}},
    ],
)  # fmt: skip
def test_every_field_is_sealed(change: dict[str, Any]) -> None:
    head, entries = a_history(3)
    assert broken(head, [entries[0], replace(entries[1], **change), entries[2]]) == [2]


def test_a_rewritten_entry_without_the_key_breaks_the_chain() -> None:
    head, entries = a_history(3)
    forged = Chain("another key", PERSONAL).entry(
        Head("B", 1, entries[0].hash), clinic=CLINIC, at=NOW, type="BookingMoved", actor={}, source=None, changes={},
        version=2,
    )  # fmt: skip
    assert 2 in broken(head, [entries[0], forged, entries[2]])


@pytest.mark.parametrize(("kept", "places"), [((0, 2), [3]), ((1, 2), [2]), ((0, 1), [None]), ((), [None])])
def test_missing_entries_are_noticed_wherever_they_were(kept: tuple[int, ...], places: list[int | None]) -> None:
    head, entries = a_history(3)
    assert broken(head, [entries[position] for position in kept]) == places


def test_what_is_personal_is_sealed_and_may_be_sealed_anew() -> None:
    """A1, A3: the chain covers what was said, not by which key it is sealed."""
    head, entries = a_history(2)
    assert (PERSONAL.opened(entries[1].source or ""), entries[1].changes["minutes"]) == ("192.0.2.1", [1, 2])
    anew = replace(entries[1], source=PERSONAL.sealed("192.0.2.1"))
    assert (anew == entries[1], broken(head, [entries[0], anew])) == (False, [])


def test_what_stands_beside_a_sealed_text_is_covered_too() -> None:
    """A1: what a field was before is nobody's to write, although the text after it is known by its digest."""
    head, entries = a_history(2)
    forged = {**entries[1].changes, "comment": ["forged", entries[1].changes["comment"][1]]}
    assert broken(head, [entries[0], replace(entries[1], changes=forged)]) == [2]


def test_digests_of_the_same_text_cannot_be_compared() -> None:
    first, second = (entry.digests or {} for entry in a_history(2)[1])
    assert (first.keys(), first["source"] == second["source"]) == ({"source", "comment"}, False)


def test_an_entry_of_version_0_1_0_is_covered_as_it_stands() -> None:
    entry = Entry("B", CLINIC, 1, NOW, "BookingMoved", {"kind": "patient", "id": None}, "192.0.2.1", {}, 1, "", "")
    linked = CHAIN.linked(entry)
    assert broken(linked.head, [linked]) == []
    assert broken(linked.head, [replace(linked, source="198.51.100.9")]) == [1]


def test_only_what_differs_is_told() -> None:
    assert differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {"b": [2, 3], "c": [None, 4]}


@pytest.mark.parametrize("is_of_before", [False, True])
def test_a3_what_the_house_erased_leaves_the_chain_whole_and_nothing_else_may_change(is_of_before: bool) -> None:
    head, entries = a_history(3)
    if is_of_before:  # entries of version 0.1.0 cover what is sealed as it stands, and where it came from in clear
        head, entries = Head("B", 0, ""), []
        for number in range(3):
            plain = replace(a_history(number + 1)[1][number], digests=None, source="192.0.2.1", previous_hash=head.hash)
            entries.append(CHAIN.linked(plain))
            head = entries[-1].head
    erased = [CHAIN.erased(entry) for entry in entries]
    assert broken(head, erased) == broken(head, [erased[0], *entries[1:]]) == []
    assert not any("Maja" in text or "192.0.2" in text or "sealed:" in text for text in map(str, erased))
    others: list[dict[str, Any]] = [
        {"type": "BookingCancelled"}, {"changes": {}}, {"source": "192.0.2.9"}, {"hash": "0" * 64},
        {"erased": "0" * 64}, {"erased": None}, {"version": 9}, {"actor": {"kind": "staff", "id": "x"}},
    ]  # fmt: skip
    for other in others:
        assert 2 in broken(head, [erased[0], replace(erased[1], **other), erased[2]]), other

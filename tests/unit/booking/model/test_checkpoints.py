"""Checkpoints are linked to each other, cover histories, and are held against what others noted (PRODUCT A1)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from services.booking.model.checkpoints import (
    Anchor,
    Checkpoint,
    Checkpoints,
    badly_covered,
    contradicted,
    missing,
)
from services.booking.model.history import Broken, Head, History
from tests.builders.booking.world import CLINIC, NOW

CHECKPOINTS = Checkpoints("key")
Covering = tuple[Checkpoint, list[Head]]


def covering(*covered: list[Head]) -> list[Covering]:
    """Return a checkpoint for each list of ends of histories."""
    made: list[Covering] = []
    for heads in covered:
        made.append((CHECKPOINTS.following(made[-1][0] if made else None, CLINIC, NOW, heads), heads))
    return made


THREE = covering([Head("A", 1, "a1"), Head("B", 2, "b2")], [Head("A", 3, "a3")], [Head("C", 1, "c1")])


def broken(rows: Iterable[Covering], before: Checkpoint | None = None) -> list[int | None]:
    """Return the numbers of the checkpoints at which a row of them is broken."""
    return [each.checkpoint for each in CHECKPOINTS.verify(before, rows)]


def test_checkpoints_that_nobody_touched_are_whole_from_any_of_them_on() -> None:
    assert broken(THREE) == broken([]) == broken(THREE[2:], before=THREE[1][0]) == []
    assert [checkpoint.number for checkpoint, _ in THREE] == [1, 2, 3]


def test_the_order_in_which_it_is_read_what_a_checkpoint_covers_makes_no_difference() -> None:
    assert broken([(THREE[0][0], THREE[0][1][::-1]), *THREE[1:]]) == []


@pytest.mark.parametrize("change", [{"at": NOW.replace(year=2020)}, {"covers": 1}, {"clinic": "other"}])
def test_every_field_of_a_checkpoint_is_sealed(change: dict[str, Any]) -> None:
    assert broken([(replace(THREE[0][0], **change), THREE[0][1]), *THREE[1:]]) == [1]


@pytest.mark.parametrize(
    "heads", [[], [Head("A", 1, "a1")], [Head("A", 1, "a1"), Head("B", 2, "other")], [*THREE[0][1], Head("D", 1, "d1")]]
)
def test_what_a_checkpoint_covers_is_sealed(heads: list[Head]) -> None:
    assert broken([(THREE[0][0], heads), *THREE[1:]]) == [1]


@pytest.mark.parametrize(("kept", "places"), [((1, 2), [2]), ((0, 2), [3]), ((1, 0, 2), [2, 1, 3])])
def test_a_checkpoint_that_is_missing_or_elsewhere_is_noticed(kept: tuple[int, ...], places: list[int]) -> None:
    assert broken([THREE[number] for number in kept]) == places


def test_who_has_not_the_key_makes_no_checkpoint() -> None:
    forged = Checkpoints("other").following(THREE[1][0], CLINIC, NOW, [])
    assert broken([*THREE[:2], (forged, [])]) == [3]


def test_what_is_covered_and_gone_or_replaced_is_named() -> None:
    checkpoint, heads = THREE[0]
    assert list(missing(checkpoint, heads, {"A": {1: "a1"}, "B": {2: "b2"}})) == []
    assert list(missing(checkpoint, heads, {"B": {2: "other"}})) == [
        Broken("A", None, "the booking is gone, with its history", 1),
        Broken("B", 2, "the entry is gone or was replaced", 1),
    ]


def test_a_row_that_says_otherwise_what_covers_it_is_named() -> None:
    assert list(badly_covered(History(Head("A", 4, "a4"), noted=3, covered=3, entries=[]))) == []
    assert [each.booking for each in badly_covered(History(Head("A", 4, "a4"), noted=4, covered=3, entries=[]))] == [
        "A"
    ]


def test_what_others_have_noted_contradicts_what_was_written_anew_or_taken_away() -> None:
    noted = [Anchor(number, f"h{number}", NOW) for number in (2, 7)]
    assert list(contradicted(noted, {2: "h2", 7: "h7"})) == []
    assert [(each.checkpoint, each.reason) for each in contradicted(noted, {2: "forged"})] == [
        (2, "the checkpoint is not the one that another service has noted"),
        (7, "the checkpoint is gone that another service has noted"),
    ]

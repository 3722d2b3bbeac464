"""Who and what takes a time (PRODUCT S13, S14): the first that are free, never into a corner."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.model.choosing import Busy, Occupied, OnlyForKnown, assign, choose
from shared.clinic.starts.candidates import Candidate
from tests.builders.booking.world import START

LENGTH = timedelta(minutes=30)


def a_candidate(practitioner: str, *uses: Sequence[str]) -> Candidate:
    """Return somebody who could take the half hour from START."""
    end = START + LENGTH
    return Candidate(practitioner, START, end, START, end, 30, True, tuple(tuple(use) for use in uses))


def occupied(resource: str, *, held: bool = False, after: timedelta = timedelta()) -> Occupied:
    """Return half an hour of a resource as booked or held."""
    start = START + after
    return Occupied(resource, start, start + LENGTH, None if held else "B", "H" if held else None, None)


def test_the_first_free_practitioner_in_document_order_is_chosen() -> None:
    both = [a_candidate("anna"), a_candidate("bo")]
    assert choose(both, []).candidate.practitioner == "anna"
    assert choose(both, [occupied("practitioner:anna")]).candidate.practitioner == "bo"


def test_a_practitioner_without_a_room_is_passed_over() -> None:
    both = [a_candidate("anna", ["room-1"]), a_candidate("bo", ["room-2"])]
    assert choose(both, [occupied("resource:room-1")]).resources == ("room-2",)


def test_neighbouring_time_is_not_in_the_way() -> None:
    rows = [occupied("practitioner:anna", after=LENGTH), occupied("practitioner:anna", after=-LENGTH)]
    assert choose([a_candidate("anna")], rows).candidate.practitioner == "anna"


@pytest.mark.parametrize(
    ("rows", "held"),
    [
        ([occupied("practitioner:anna", held=True), occupied("practitioner:bo")], True),
        ([occupied("practitioner:anna"), occupied("practitioner:bo")], False),
        ([occupied("practitioner:anna", held=True), occupied("resource:room", held=True)], True),
    ],
)
def test_losers_hear_of_a_hold_where_only_holds_are_in_one_candidate_s_way(rows: list[Occupied], held: bool) -> None:
    with pytest.raises(Busy) as busy:
        choose([a_candidate("anna", ["room"]), a_candidate("bo", ["room"])], rows)
    assert busy.value.held is held


def test_s13_it_is_said_where_only_who_takes_no_new_patients_is_free() -> None:
    anna, bo = a_candidate("anna"), a_candidate("bo")
    booked = occupied("practitioner:bo")
    with pytest.raises(OnlyForKnown):
        choose([bo], [booked], unwelcoming=[anna])
    with pytest.raises(Busy):
        choose([bo], [booked, occupied("practitioner:anna")], unwelcoming=[anna])


def test_overlapping_pools_are_matched_exactly() -> None:
    """S14: taking room-1 for the first need would leave nothing for the second."""
    assert assign([["room-1", "room-2"], ["room-1"]], frozenset()) == ("room-2", "room-1")


def test_a_pool_named_twice_needs_two() -> None:
    assert assign([["room-1", "room-2"], ["room-1", "room-2"]], frozenset()) == ("room-1", "room-2")
    assert assign([["room-1", "room-2"], ["room-1", "room-2"]], frozenset({"room-2"})) is None


@given(
    st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=4, unique=True), max_size=4),
    st.frozensets(st.sampled_from("abcde"), max_size=3),
)
def test_the_assignment_is_the_first_of_all_that_are_possible(uses: list[list[str]], busy: frozenset[str]) -> None:
    """S14: the brute-force twin tries all combinations in document order."""
    possible = (chosen for chosen in product(*uses) if len(set(chosen)) == len(uses) and not busy & set(chosen))
    assert assign(uses, busy) == next(possible, None)

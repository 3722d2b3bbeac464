"""Checkpoints: which histories have grown, what covers them, and what there is of both (PRODUCT A1)."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from services.booking.model.checkpoints import Checkpoint
from services.booking.model.history import Head, History
from tests.builders.booking.world import CLINIC, NOW
from tests.integration.booking.store_contract.rows import Work, an_entry, book

FIRST = Checkpoint(CLINIC, 1, NOW, 2, "", "a" * 64)
SECOND = Checkpoint(CLINIC, 2, NOW, 1, "a" * 64, "b" * 64)
ELSEWHERE = Checkpoint("lund", 1, NOW, 1, "", "c" * 64)
A1, A2, B1, D1 = Head("A", 1, "f" * 64), Head("A", 2, "e" * 64), Head("B", 1, "d" * 64), Head("D", 1, "d" * 64)


def grow(work: Work, *heads: Head) -> None:
    """Write the entries that end histories."""
    with work() as store:
        for head in heads:
            clinic = "lund" if head.booking == "D" else CLINIC
            store.add_history(an_entry(head.length, head.booking, clinic=clinic, hash=head.hash))
        store.set_history_heads(heads)


@pytest.fixture
def covered(work: Work) -> Work:
    """Return a store in which checkpoints cover some of what there is."""
    book(work, "B", "A", "C")
    book(work, "D", clinic="lund")
    grow(work, A1, B1, D1)
    with work() as store:
        store.add_checkpoint(FIRST, [A1, B1])
        store.add_checkpoint(ELSEWHERE, [D1])
    grow(work, A2)
    return work


def test_a1_what_has_grown_comes_by_clinic_until_it_is_covered(work: Work) -> None:
    book(work, "B", "A", "C")
    book(work, "D", clinic="lund")
    with work() as store:
        assert store.grown_histories(9) == {}
    grow(work, A1, B1, D1)
    with work() as store:
        assert store.is_first_to_checkpoint()
        assert store.grown_histories(9) == {CLINIC: [A1, B1], "lund": [D1]}
        assert sum(map(len, store.grown_histories(1).values())) == 1
        store.add_checkpoint(FIRST, [A1, B1])
        assert store.grown_histories(9) == {"lund": [D1]}
    grow(work, A2)
    with work() as store:
        assert store.grown_histories(9) == {CLINIC: [A2], "lund": [D1]}
    with work() as store:
        booking = store.present("A")
        store.save_booking(replace(booking, version=9))
    with work() as store:
        assert store.grown_histories(9) == {CLINIC: [A2], "lund": [D1]}, "whoever saves a booking leaves what covers it"


def test_a1_checkpoints_come_back_in_their_order(covered: Work) -> None:
    with covered() as store:
        store.add_checkpoint(SECOND, [A2])
        assert (store.last_checkpoint(CLINIC), store.last_checkpoint("nowhere")) == (SECOND, None)
        assert store.checkpoints(CLINIC, 0, 9) == [FIRST, SECOND]
        assert (store.checkpoints(CLINIC, 1, 9), store.checkpoints(CLINIC, 0, 1)) == ([SECOND], [FIRST])
        assert store.checkpoint_hashes(CLINIC, {1, 2, 3}) == {1: "a" * 64, 2: "b" * 64}
        heads = {number: sorted(each, key=str) for number, each in store.heads_of(CLINIC, 1, 2).items()}
        assert heads == {1: [A1, B1], 2: [A2]}
        assert store.heads_of(CLINIC, 2, 9) == {2: [A2]}
    for again in (FIRST, replace(SECOND, number=3)):
        with pytest.raises(DBAPIError), covered() as store:
            store.add_checkpoint(again, [A1])


def test_a1_what_there_is_of_what_is_covered(covered: Work) -> None:
    with covered() as store:
        found = store.entries_at(CLINIC, [A1, Head("C", 1, ""), Head("gone", 1, ""), D1])
        assert found == {"A": {1: "f" * 64}, "C": {}}


def test_a1_histories_come_with_what_their_rows_and_checkpoints_know_of_them(covered: Work) -> None:
    a = [an_entry(1, hash="f" * 64), an_entry(2, hash="e" * 64)]
    with covered.snapshot() as store:
        assert store.histories(CLINIC, "", 9) == [
            History(A2, noted=1, covered=1, entries=a),
            History(B1, noted=1, covered=1, entries=[an_entry(1, "B", hash="d" * 64)]),
            History(Head("C", 0, ""), noted=0, covered=0, entries=[]),
        ]
        assert [each.head.booking for each in store.histories(CLINIC, "A", 1)] == ["B"]
        assert store.histories("nowhere", "", 9) == []

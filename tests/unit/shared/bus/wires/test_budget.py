"""How long what is under way may still take (DESIGN rule 5)."""

import math

import pytest

from shared.bus.wires.budget import BUDGET, UNLIMITED, Budget, budget_of, told_of
from shared.contracts.errors import Timeout

AMPLE = 3600.0


def test_a_budget_allows_no_more_than_what_is_left_of_it() -> None:
    assert Budget.of(AMPLE).at_most(3.0) == 3.0
    assert 0 < Budget.of(AMPLE).at_most(2 * AMPLE) <= AMPLE
    assert UNLIMITED.at_most(3.0) == 3.0


def test_a_budget_that_is_over_allows_nothing() -> None:
    over = Budget.of(-1.0)
    with pytest.raises(Timeout):
        over.at_most(3.0)
    with pytest.raises(Timeout):
        over.require_left()
    Budget.of(AMPLE).require_left()


@pytest.mark.parametrize("context", [{}, {BUDGET: 5}, {BUDGET: "soon"}])
def test_work_for_which_nobody_waits_is_unlimited_and_no_message_sets_a_limit(context: dict[str, object]) -> None:
    assert budget_of(context) is UNLIMITED
    assert UNLIMITED.left() == math.inf


def test_whoever_is_asked_is_told_of_less_than_the_caller_waits() -> None:
    assert (told_of(10.0), told_of(1.0)) == (9.5, 0.8)

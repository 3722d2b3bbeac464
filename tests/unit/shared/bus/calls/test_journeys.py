"""What is left of a request when it arrives, without comparing clocks (DESIGN rule 5, ADR 18)."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.calls.journeys import (
    SENT_HEADER,
    USUAL_SECONDS,
    Journeys,
    as_if_sent_now,
    expiration_of,
    sent_now,
)

HOUR = 3600.0


@given(apart=st.floats(-1e7, 1e7), way=st.floats(0, 0.1), held_up=st.floats(0, 600))
def test_a_request_that_was_held_up_is_told_by_the_others_of_its_caller_however_far_apart_the_clocks_are(
    apart: float, way: float, held_up: float
) -> None:
    journeys = Journeys()
    assert journeys.held_up("gateway", 100 - apart, 100 + way) == 0
    assert journeys.held_up("gateway", 101 - apart, 101 + way + held_up) == pytest.approx(held_up, abs=0.5)


def test_callers_are_told_apart() -> None:
    journeys = Journeys()
    journeys.held_up("one", 0, 0)
    assert journeys.held_up("another", -HOUR, 0) == 0
    assert journeys.held_up("another", 1 - HOUR, 3) == pytest.approx(2)


def test_what_waited_while_the_process_was_frozen_for_an_hour_is_told_by_what_came_before() -> None:
    journeys = Journeys()
    for second in range(5):
        journeys.held_up("gateway", second, second)
    waited = [journeys.held_up("gateway", 5 + number, HOUR) for number in range(3)]
    assert all(HOUR - 10 < seconds < HOUR for seconds in waited)


def test_a_clock_that_jumped_is_believed_anew_within_minutes() -> None:
    """A machine that was suspended: its clock stood still, and all of its requests seem old."""
    journeys = Journeys()
    held_up = [journeys.held_up("laptop", second, second + HOUR * (second > 100)) for second in range(400)]
    assert held_up[101] > HOUR - 1
    assert held_up[-1] == 0


def test_clocks_that_run_apart_by_little_make_nothing_late() -> None:
    """A day without a request, at 50 ppm."""
    journeys, day = Journeys(), 86400.0
    journeys.held_up("gateway", 0, 0)
    assert journeys.held_up("gateway", day, day * 1.00005) <= 0
    assert max(journeys.held_up("gateway", day + n, (day + n) * 1.00005) for n in range(300)) < 0.1


def test_a_request_that_is_sent_once_more_is_as_late_as_it_waited_since_then() -> None:
    journeys = Journeys()
    journeys.held_up("gateway", 100.0, 7.0)
    again = as_if_sent_now({SENT_HEADER: 110_000}, {"expiration": "5000"}, left=3.5)
    assert journeys.held_up("gateway", again[SENT_HEADER] / 1000, 7.0 + 11.5 + 2.0) == pytest.approx(2.0)


def test_a_request_that_says_nothing_of_its_sending_does_not_when_it_is_sent_once_more() -> None:
    assert as_if_sent_now({"nameko.call_id": "1"}, {}, left=3.5) == {"nameko.call_id": "1"}


def test_it_remembers_a_bounded_number_of_callers() -> None:
    journeys = Journeys()
    for number in range(3000):
        journeys.held_up(f"tool-{number}", 0, 0)
    assert len(journeys._quickest) <= 1000


def request(sent: Any = None, **properties: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return headers and properties of a request."""
    return ({} if sent is None else {SENT_HEADER: sent}), properties


def test_a_request_has_what_its_expiration_says() -> None:
    """So it is with requests of version 0.1.0 too, whose moment nobody looks at."""
    headers = {"nameko.deadline": "1000.0", SENT_HEADER: sent_now()}
    budget = Journeys().budget(headers, {"expiration": expiration_of(60.0), "reply_to": "gateway"})
    assert 50 < budget.left() <= 59.5


@pytest.mark.parametrize("rubbish", [None, "soon", [], {}, "inf", "nan", "1e999"])
def test_a_request_that_says_nothing_to_be_read_has_what_is_usual(rubbish: Any) -> None:
    journeys = Journeys()
    for reply_to in ("gateway", None):
        headers, properties = request(rubbish, expiration=rubbish, reply_to=reply_to)
        assert 0 < journeys.budget(headers, properties).left() <= USUAL_SECONDS


def test_a_request_that_was_held_up_for_longer_than_its_caller_waits_has_nothing_left() -> None:
    journeys, quick = Journeys(), sent_now()
    assert journeys.budget(*request(quick, expiration="3000", reply_to="gateway")).left() > 0
    assert journeys.budget(*request(quick - 4000, expiration="3000", reply_to="gateway")).left() <= 0
    assert journeys.budget(*request(quick - 4000, expiration="3000", reply_to="another")).left() > 0
    assert journeys.budget(*request(quick - 4000, expiration="3000")).left() > 0, "who is it?"


def test_a_caller_s_clock_is_read_in_milliseconds() -> None:
    assert abs(sent_now() / 1000 - time.monotonic()) < HOUR

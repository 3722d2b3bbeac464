"""Visits and refusals are gathered, and each batch is told until somebody has taken it (PRODUCT A2, ADR 50)."""

from datetime import UTC, datetime

import pytest

from gateway.http import online_tally
from gateway.http.online_tally import OnlineTally, Wish

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TAKEN = Wish("solna", "slot_taken", "exam", "anna", 2, 17)


def test_a2_what_is_the_same_is_counted_and_each_clinic_has_a_batch_of_its_own() -> None:
    tally = OnlineTally()
    tally.visited("solna", "exam", "")
    for _ in range(3):
        tally.refused(TAKEN)
    tally.refused(TAKEN._replace(code="invalid"))
    tally.visited("lund", "exam", "anna")
    here, elsewhere = tally.batches(NOW)
    assert (here.clinic, elsewhere.clinic, here.at, here.id != elsewhere.id) == ("solna", "lund", NOW, True)
    assert here.rows == [
        {"code": "", "type": "exam", "practitioner": "", "weekday": None, "hour": None, "count": 1},
        {"code": "slot_taken", "type": "exam", "practitioner": "anna", "weekday": 2, "hour": 17, "count": 3},
    ]


def test_a2_a_batch_is_told_again_under_its_id_until_it_is_taken() -> None:
    tally = OnlineTally()
    tally.refused(TAKEN)
    (first,) = tally.batches(NOW)
    tally.refused(TAKEN)
    again, second = tally.batches(NOW)
    assert (again, second.id != first.id) == (first, True)
    tally.sent(first)
    tally.sent(first)
    assert list(tally.batches(NOW)) == [second]


def test_a2_it_does_not_grow_without_end_while_nobody_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online_tally, "MOST_KINDS", 2)
    tally = OnlineTally()
    for hour in range(5):
        tally.refused(TAKEN._replace(hour=hour))
    (batch,) = tally.batches(NOW)
    assert len(batch.rows) == 2
    for _ in range(online_tally.MOST_BATCHES + 3):
        tally.refused(TAKEN)
        waiting = list(tally.batches(NOW))
    assert len(waiting) == online_tally.MOST_BATCHES

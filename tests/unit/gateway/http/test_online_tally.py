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
    assert tally.batches(NOW) == [first]
    tally.sent(first)
    tally.sent(first)
    (second,) = tally.batches(NOW)
    assert (second.id != first.id, second.rows) == (True, first.rows)


def test_a2_nothing_is_lost_and_nothing_grows_however_long_nobody_takes_it() -> None:
    """As while booking starts anew, in an installation of many clinics: what comes adds up."""
    tally = OnlineTally()
    for _ in range(3):
        for clinic in range(400):
            tally.visited(f"clinic-{clinic}", "exam", "")
        assert len(tally.batches(NOW)) == 400
    for batch in tally.batches(NOW):
        tally.sent(batch)
    assert [batch.rows[0]["count"] for batch in tally.batches(NOW)] == [2] * 400


def test_a2_there_is_an_end_to_what_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(online_tally, "MOST_KINDS", 2)
    tally = OnlineTally()
    for hour in range(5):
        tally.refused(TAKEN._replace(hour=hour))
    (batch,) = tally.batches(NOW)
    assert len(batch.rows) == 2
    assert "not counted" in caplog.text

"""How long what is kept is a number of whole days of the clinic's calendar (PRODUCT A3, ADR 58)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.clinic.retention import ACCESS_LOG, BOOKINGS, FIVE_YEARS, over, period_of


@pytest.mark.parametrize(
    ("now", "first_kept", "before"),
    [
        ("2027-04-26T23:59:00+02:00", "2027-03-27", "2027-03-26T23:00:00+00:00"),
        ("2027-04-27T00:00:00+02:00", "2027-03-28", "2027-03-27T23:00:00+00:00"),
        ("2027-04-28T00:00:00+02:00", "2027-03-29", "2027-03-28T22:00:00+00:00"),
        ("2026-11-24T00:00:00+01:00", "2026-10-25", "2026-10-24T22:00:00+00:00"),
        ("2026-11-25T00:00:00+01:00", "2026-10-26", "2026-10-25T23:00:00+00:00"),
        ("2027-01-30T12:00:00+01:00", "2026-12-31", "2026-12-30T23:00:00+00:00"),
    ],
)
def test_a3_a_period_ends_at_the_clinic_s_midnight_whatever_the_clocks_do(
    now: str, first_kept: str, before: str
) -> None:
    """Over the nights of March and October in which clocks change, and over the new year."""
    found = over("solna", {"time_zone": "Europe/Stockholm"}, "30d", datetime.fromisoformat(now))
    assert found is not None
    assert (found.first_kept, found.before) == (date.fromisoformat(first_kept), datetime.fromisoformat(before))
    assert found.today == found.first_kept + timedelta(days=30)


def test_a3_a_clinic_s_own_zone_counts() -> None:
    now = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
    zones = {zone: over("c", {"time_zone": zone}, "30d", now) for zone in ("Asia/Tehran", "Europe/Zurich")}
    assert [found and found.first_kept.day for found in zones.values()] == [24, 23]


def test_a3_what_has_no_period_is_kept_for_ever_and_of_an_older_document_all_but_the_log() -> None:
    """A document of version 0.1.0 in normal form has no `retention`: the log was kept for five years."""
    assert over("solna", {"time_zone": "Europe/Stockholm"}, None, datetime.now(UTC)) is None
    assert (period_of({}, ACCESS_LOG), period_of({}, BOOKINGS)) == (FIVE_YEARS, None)
    said = {"retention": {ACCESS_LOG: None, BOOKINGS: "365d"}}
    assert (period_of(said, ACCESS_LOG), period_of(said, BOOKINGS)) == (None, "365d")

"""When booking opens and closes, on the clinic's wall clock, and for which dates (PRODUCT S10)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.clinic.opening import BookableDates, Opening, bookable_dates_of, opening_of
from tests.builders.clinics.documents import a_document

OPENS, CLOSES = datetime(2026, 12, 1, 8, 0, tzinfo=UTC), datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [(OPENS - SECOND, False), (OPENS, True), (CLOSES - SECOND, True), (CLOSES, False), (CLOSES + SECOND, False)],
)
def test_s10_it_is_open_from_the_one_moment_until_before_the_other(now: datetime, is_open: bool) -> None:
    assert Opening(OPENS, CLOSES).is_open(now) is is_open


@pytest.mark.parametrize("now", [OPENS - timedelta(days=999), CLOSES + timedelta(days=999)])
def test_s10_what_the_document_leaves_out_limits_nothing(now: datetime) -> None:
    assert opening_of(a_document()) == Opening(None, None)
    assert Opening(None, None).is_open(now)
    assert Opening(OPENS, None).is_open(now) is (now > OPENS)
    assert Opening(None, CLOSES).is_open(now) is (now < CLOSES)


def test_s16_of_an_hour_that_comes_twice_booking_opens_in_the_first_and_closes_in_the_second() -> None:
    document = a_document(booking={"opens_at": "2026-10-25T02:30", "closes_at": "2026-10-25T02:30"})
    assert opening_of(document) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )


TODAY, LATER = date(2026, 12, 1), date(2026, 12, 20)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ({}, TODAY, None),
        ({"first_date": "2026-12-20"}, LATER, None),
        ({"first_date": "2026-11-01"}, TODAY, None),
        ({"last_date": "2026-12-20"}, TODAY, LATER),
        ({"horizon": "0d"}, TODAY, TODAY),
        ({"horizon": "19d"}, TODAY, LATER),
        ({"horizon": "90d", "last_date": "2026-12-20"}, TODAY, LATER),
        ({"horizon": "19d", "last_date": "2027-12-20"}, TODAY, LATER),
        ({"last_date": "2026-11-01"}, TODAY, date(2026, 11, 1)),
    ],
)
def test_s10_dates_lie_between_two_given_ones_and_within_the_horizon(
    written: dict[str, str], first: date, last: date | None
) -> None:
    assert bookable_dates_of(a_document(booking=written)).on(TODAY) == (first, last)


def test_m4_the_horizon_never_stops_a_move_to_a_date_not_after_the_present_one_but_the_last_date_does() -> None:
    dates = BookableDates(None, None, 3)
    assert dates.on(TODAY, moved_from=LATER) == (TODAY, LATER)
    assert dates.on(TODAY, moved_from=TODAY - timedelta(days=9)) == (TODAY, TODAY + timedelta(days=3))
    assert dates._replace(last=TODAY).on(TODAY, moved_from=LATER) == (TODAY, TODAY)

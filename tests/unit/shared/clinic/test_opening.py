"""When booking opens and closes, on the clinic's wall clock (PRODUCT S10)."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.clinic.opening import Opening, opening_of
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

"""How much a request may take."""

from gateway.http.bounds import BODY_LIMIT, BODY_SECONDS, EXCHANGE_SECONDS, MOVING_IN_FORM_LIMIT, body_seconds


def test_c14_a_large_file_may_be_longer_on_its_way_and_a_small_form_no_longer_than_before() -> None:
    assert body_seconds(BODY_LIMIT) == BODY_SECONDS
    assert 2 * BODY_SECONDS < body_seconds(MOVING_IN_FORM_LIMIT) < EXCHANGE_SECONDS / 2

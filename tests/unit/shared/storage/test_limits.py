"""How long a process waits for its database, as the environment says it."""

import pytest

from gateway.http.bounds import REQUEST_SECONDS
from shared.storage.limits import Limits, limits_from


def test_what_is_not_set_is_as_it_was() -> None:
    assert limits_from({"DATABASE_LOCK_TIMEOUT": "", "DATABASE_POOL_SIZE": "7"}) == Limits(connections=7)


def test_a_worker_gives_up_before_the_request_that_it_works_for() -> None:
    usual = Limits()
    assert usual.lock < usual.statement < REQUEST_SECONDS
    assert usual.pool + 2 * usual.connect < REQUEST_SECONDS


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "two", "٣", "3601"])
def test_a_limit_is_a_whole_number_of_seconds(text: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_IDLE_TIMEOUT must be a whole number from 1 to 3600"):
        limits_from({"DATABASE_IDLE_TIMEOUT": text})

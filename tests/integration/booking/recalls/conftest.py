"""Every test here is about a clinic that knows Maja."""

import pytest

from tests.builders.booking.world import MAJA
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import RECORD


@pytest.fixture
def calls(calls: Calls) -> Calls:
    """Return a clinic's calls; it knows Maja."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    return calls

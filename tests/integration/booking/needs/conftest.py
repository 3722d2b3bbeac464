"""Every test here is about a clinic whose visits are controlled by needs."""

import pytest

from tests.integration.booking.calls import Calls
from tests.integration.booking.needs.clinic import controlled


@pytest.fixture
def calls(calls: Calls) -> Calls:
    """Return the calls of a clinic whose visits are controlled by needs."""
    calls.world.change_document(types=[controlled()])
    return calls

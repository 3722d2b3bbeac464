"""A clinic of the test's own, and desks at which somebody has signed in to its console."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.console.desk import Desk
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, own_clinic
from tests.system.installation import ADMIN, Installation

PEOPLE = [{"key": "anna", "name": "Anna Berg", "title": "Dentist", "colour": "#2f7d5b"}, {"key": "bo", "name": "Bo Ek"}]


@pytest.fixture
def clinic(running: Installation) -> OwnClinic:
    """Return a clinic where Anna and Bo work from 8 to 12 every day."""
    administrator = staff(running.url, *ADMIN)
    lunch = a_block("12:00", "13:00", "lunch")
    return own_clinic(
        Client(running.url), administrator, a_block("08:00", "12:00"), lunch, practitioners=PEOPLE, booking={"few": 2}
    )


@pytest.fixture
def desk(visit: Callable[..., Visitor], clinic: OwnClinic) -> Callable[..., Desk]:
    """Return a function that signs somebody in and opens a page of the clinic's console; options are Playwright's."""

    def opened(path: str = "", **options: Any) -> Desk:
        page = visit(**{"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options}).page
        return Desk(page, clinic).sign_in(path)

    return opened

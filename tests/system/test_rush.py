"""Booking opens, and hundreds want forty times at the same moment (ADR 25; PRODUCT B11)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.system.api_client import Client, staff
from tests.system.crowd import rush
from tests.system.installation import ADMIN, Installation, deployed

WEDNESDAY = datetime.now(UTC).date() + timedelta(days=16 - datetime.now(UTC).weekday())
"""A day two weeks ahead, with no public holiday, since the clinic names no country."""
AT_ONCE = 8
"""Few enough to be answered in time on a machine that does other things as well."""
EXPECTED = {("search", 200, ""), ("hold", 201, ""), ("book", 201, ""), ("hold", 503, "busy"), ("book", 503, "busy")}
LOST = {("hold", 409, "slot_held"), ("hold", 409, "slot_taken")}


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> Iterator[Installation]:
    """Return an installation that lets few in at once."""
    parts = (tmp_path_factory.mktemp("rush"), new_rabbitmq_vhost(), new_redis_database(), new_postgres_database)
    installation = deployed(*parts, {}, demo=False, TAKING_AT_ONCE=f"{AT_ONCE}")
    yield installation
    installation.stop()


def a_clinic(house: Installation, name: str) -> Client:
    """Set up a clinic whose two practitioners have twenty times each on every day; return its administrator."""
    hours = [{"kind": "open", "from": "08:00", "to": "18:00"}]
    document: dict[str, Any] = {
        "clinic": name,
        "name": "Rush",
        "time_zone": "Europe/Stockholm",
        "booking": {"active": True},
        "details": {"mobile": "optional"},
        "practitioners": [{"key": "anna", "name": "Anna"}, {"key": "bo", "name": "Bo"}],
        "block_kinds": [{"key": "open", "name": "Open", "online": True}],
        "types": [{"key": "visit", "name": "Visit", "length": "30m"}],
        "templates": [{"key": "week", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)}],
        "plans": [{"practitioner": None, "template": "week", "from": "2020-01-01"}],
    }
    administrator = staff(house.url, *ADMIN)
    answer = administrator.call("PUT", f"/staff/clinics/{name}/document", document)
    assert answer.status in {200, 201}, answer
    return administrator


@pytest.mark.parametrize("visitors", [200, pytest.param(1000, marks=pytest.mark.deep)])
def test_b11_a_crowd_books_all_there_is_and_nobody_is_left_in_doubt(house: Installation, visitors: int) -> None:
    name, day = f"rush-{visitors}", f"{WEDNESDAY}"
    administrator = a_clinic(house, name)
    people = [
        {"first_name": "Test", "last_name": f"Person {number}", "birth_date": "1980-01-01"}
        for number in range(visitors)
    ]
    crowd = rush(house.port, name, day, people, hurry=5)
    heard = [each for visitor in crowd for each in visitor.heard]
    assert {each[:3] for each in heard} <= EXPECTED | LOST, "no other answer, and none that never came"
    assert all(each.says_when for each in heard if each.status == 503)
    assert any(each.code == "busy" for each in heard), "this was a rush"
    found = administrator.get(f"/staff/clinics/{name}/bookings", **{"from": day, "to": day}, limit=200)["bookings"]
    assert len(found) == 40
    assert sorted(booking["reference"] for booking in found) == sorted(v.booked for v in crowd if v.booked)
    assert len({(booking["start"], booking["practitioner"]) for booking in found}) == 40

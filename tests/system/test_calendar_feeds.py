"""A practitioner's calendar in another program, from the press that makes its address to the one that ends it (C16)."""

from datetime import datetime

import requests
from icalendar import Calendar

from tests.system.api_client import Client, staff
from tests.system.clinics import at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation

PASSWORD = "a password of theirs"


def test_c16_what_is_booked_and_cancelled_is_seen_and_a_revoked_address_opens_nothing(
    deployed_installation: Installation,
) -> None:
    url = deployed_installation.url
    clinic = own_clinic(Client(url), staff(url, *ADMIN))
    account = {"email": f"anna.{clinic.key}@people.example", "role": "therapist", "practitioner": "anna"}
    assert clinic.desk("POST", "accounts", {**account, "password": PASSWORD}).status == 201
    anna, feeds = staff(url, account["email"], PASSWORD), f"/staff/clinics/{clinic.key}/calendar-feeds"
    made = anna.post(feeds, {"practitioner": "anna"}).body
    address = f"{url}/calendar/{made['url'].rpartition('/')[2]}"

    def starts() -> list[datetime]:
        found = requests.get(address, timeout=60)
        assert found.status_code == 200, found.text
        return [each.decoded("DTSTART") for each in Calendar.from_ical(found.text).walk("VEVENT")]

    assert starts() == []
    start = at(in_days(9), "08:00")
    booked = clinic.book(start, practitioner="anna")
    assert starts() == [datetime.fromisoformat(start)]
    clinic.link(booked["manage_token"], "cancel")
    assert starts() == []
    [shown] = anna.get(feeds)["feeds"]
    assert shown["fetched_at"]
    assert anna.call("DELETE", f"{feeds}/{made['id']}").status == 204
    assert requests.get(address, timeout=60).status_code == 410
    assert anna.get(feeds)["feeds"] == []

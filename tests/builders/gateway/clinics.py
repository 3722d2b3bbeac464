"""Clinics for tests of the pages: documents in normal form, and pages as readers of them see."""

import re
from collections.abc import Mapping
from copy import deepcopy
from html import unescape
from types import MappingProxyType
from typing import Any

from werkzeug.test import TestResponse

from services.availability.document import check
from shared.clinic_documents import ClinicDocuments, Revisions
from tests.builders.gateway.world import World

DOCUMENT: dict[str, Any] = {
    "clinic": "solna",
    "name": "Solna Tandvård",
    "time_zone": "Europe/Stockholm",
    "country": "SE",
    "languages": ["en", "sv"],
    "currency": "SEK",
    "contact": {"phone": "+46 8 123 45 67", "address": "Storgatan 1, Solna"},
    "identity": "se.personnummer",
    "booking": {"active": True, "horizon": "90d"},
    "practitioners": [
        {"key": "anna", "name": "Anna Berg", "title": "Dentist"},
        {"key": "erik", "name": "Erik Lund"},
        {"key": "nils", "name": "Nils Offline", "online": False},
    ],
    "block_kinds": [{"key": "exam", "name": "Exam", "online": True}],
    "types": [
        {
            "key": "exam",
            "name": "US",
            "alias": {"sv": "Undersökning", "en": "Examination"},
            "info": "Bring your identity card.",
            "price": "995.00",
            "length": "30m",
            "lengths": {"anna": "45m"},
        },
        {"key": "acute", "name": "AK", "alias": "Urgent", "length": "30m", "practitioners": ["anna"]},
        {"key": "inner", "name": "Internal", "length": "30m", "online": False},
    ],
}

DETAILS = {
    "patient.national_id": "19850412-1230",
    "patient.first_name": "Eva",
    "patient.last_name": "Lind",
    "patient.mobile": "070-174 06 05",
}
START = "2026-12-01T14:00:00+01:00"
CHOSEN = {"type": "exam", "practitioner": "any", "start": START, "hold": "h1", "held_by": "anna"}
HELD = {
    "hold": "h2",
    "practitioner": "anna",
    "start": START,
    "end": "2026-12-01T14:45:00+01:00",
    "expires": "2026-11-23T10:10:00+01:00",
}
BOOKED = {
    "reference": "7K3M9QX2VT",
    "status": "booked",
    "type": "exam",
    "practitioner": "anna",
    "start": START,
    "end": "2026-12-01T14:45:00+01:00",
    "reached_by": ["sms"],
    "manage_url": "https://booking.example/m/7K3M9QX2VTsecret",
    "manage_token": "7K3M9QX2VTsecret",
}
DAYS = {
    "days": [
        {"date": "2026-12-01", "level": "many", "free": 9, "holiday": None},
        {"date": "2026-12-02", "level": "few", "free": 2, "holiday": None},
        {"date": "2026-12-24", "level": "none", "free": 0, "holiday": "Julafton"},
    ]
}
SLOTS = {
    "slots": [
        {"start": START, "end": "2026-12-01T14:30:00+01:00", "practitioners": ["erik"]},
        {"start": START, "end": "2026-12-01T14:45:00+01:00", "practitioners": ["anna"]},
        {"start": "2026-12-01T17:30:00+01:00", "end": "2026-12-01T18:00:00+01:00", "practitioners": ["erik"]},
    ]
}


def open_clinic(world: World, pictures: Mapping[str, Any] = MappingProxyType({}), **changes: Any) -> None:
    """Give the world one clinic; `booking` and `details` are merged into the document, the rest replaces.

    `pictures` is what availability tells of those that there are.
    """
    document = {**DOCUMENT, **changes, "booking": {**DOCUMENT["booking"], **changes.get("booking", {})}}
    checked = check(document)
    assert not checked.problems, checked.problems
    revisions = Revisions(world.cache)
    world.documents = ClinicDocuments(
        revisions, lambda _: {"revision": 1, "document": checked.document, "pictures": pictures}
    )
    world.availability.answers |= deepcopy({"days": DAYS, "slots": SLOTS, "next_slots": {"next_slots": []}})
    world.patient.answers.setdefault("people", {"people": []})
    world.booking.answers |= deepcopy({"hold": HELD, "book": BOOKED})  # a test may change its own


def fields_of(html: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    return {unescape(name): unescape(value) for name, value in found}


def buttons_of(html: str, name: str) -> list[str]:
    """Return the values of the buttons of one name."""
    return [unescape(value) for value in re.findall(rf'<button[^>]* name="{name}" value="([^"]*)"', html)]


def heading_of(html: str) -> str:
    """Return the page's first heading."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found, html
    return unescape(found[1].strip())


def main_of(answer: TestResponse) -> str:
    """Return what a page holds between its header and its footer."""
    return answer.text.split("<main")[1].split("</main>")[0]

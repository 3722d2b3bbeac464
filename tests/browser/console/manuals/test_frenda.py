"""frenda's manual: what a booking from the web looks like at the desk."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.console.manuals.conftest import Place, in_calendar

OpenPlace = Callable[..., Place]


def test_frenda_a_booking_from_the_web_bears_a_w_and_the_patient_s_message_as_its_text(place: OpenPlace) -> None:
    """… ett meddelande till mottagning som hamnar som en tidbokstext."""
    frenda = place("frenda")
    slot = frenda.slots()[0]
    reference, patient = frenda.booked(slot, message="Jag är rädd för borren.")
    page = frenda.desk(f"/calendar?date={slot['start'][:10]}")
    booking = in_calendar(page, reference)
    expect(booking).to_contain_text(patient["last_name"])
    expect(booking).to_contain_text("Jag är rädd för borren.")
    expect(booking).to_have_accessible_name(re.compile("bokad på webben"))
    mark = booking.locator(".mark-web")
    expect(mark).to_be_visible()
    assert "W" in mark.evaluate("mark => getComputedStyle(mark, '::before').content")
    expect(page.locator(".nav")).to_contain_text("Tidbok")


def test_frenda_the_history_says_all_that_happened_to_a_booking(place: OpenPlace) -> None:
    frenda = place("frenda")
    first, second = frenda.slots(practitioner="anna")[:2]
    reference, _ = frenda.booked(first)
    moved = frenda.clinic.desk("POST", f"bookings/{reference}/rebook", {"start": second["start"]})
    assert moved.status == 200, moved
    page = frenda.desk(f"/bookings/{reference}")
    page.get_by_text("Historik", exact=True).click()
    entries = page.locator("details", has=page.get_by_text("Historik", exact=True)).locator("li")
    expect(entries.last).to_contain_text("Patient")
    change = entries.filter(has=page.locator("del", has_text=first["start"][11:16])).locator(".change").first
    expect(change).to_contain_text(second["start"][11:16])

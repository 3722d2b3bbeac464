"""Each demo clinic's whole way on a desktop and a telephone, every page of it checked with axe-core.

Pages of patients whom the clinic has called in are in `test_called_in.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, Installation, wait_until

Visit = Callable[..., Visitor]
COMMENT = "Something came up; I shall call."
SLOW_MACHINE = 60.0  # seconds


@dataclass(frozen=True)
class Way:
    """What a patient books in a clinic, in its language, under which name, and what the pages then say.

    Norsk asks for no name.
    """

    clinic: str
    language: str
    type_key: str
    practitioner: str
    channel: str
    booked: str
    cancelled: str
    first_name: str
    last_name: str


WAYS = (
    Way("frenda", "sv", "exam", "erik", "sms", "Din tid är bokad", "Tiden är avbokad", "Zoë", "D’Ångström"),
    Way("norsk", "nb", "talk", "any", "email", "Timen din er bestilt", "Timen er avbestilt", "", ""),
    Way("aldente", "da", "toothache", "any", "sms", "Din tid er booket", "Tiden er aflyst", "Søren", "O'Brien"),
    Way("optamed", "fr", "follow-up", "claire", "email", "Votre rendez-vous est confirmé",
        "Ce rendez-vous est annulé", "Anne-Sophie", "Q"),
    Way("exir", "fa", "visit", "rad", "sms", "نوبت شما ثبت شد", "این نوبت لغو شده است", "علی\u200cرضا", "کریمی"),
)  # fmt: skip


@pytest.fixture(scope="module")
def administrator(running: Installation) -> Client:
    """Return staff who may look at everything."""
    return staff(running.url, *ADMIN)


def ways() -> Iterator[Any]:
    """Yield every clinic's way in each window: deep where a telephone only shows another clinic's pages once more.

    Telephones lay the pages out in their own way for either direction of writing, whichever the clinic; and
    `test_layout.py` books in every clinic on the smallest of them.
    """
    either_direction = {"frenda", "exir"}
    for way, window in product(WAYS, WINDOWS):
        again = window == "telephone" and way.clinic not in either_direction
        yield pytest.param(way, window, id=f"{way.clinic}-{window}", marks=[pytest.mark.deep] if again else [])


@pytest.mark.parametrize(("way", "window"), [*ways()])
def test_a_patient_goes_the_whole_way(visit: Visit, administrator: Client, way: Way, window: str) -> None:
    visitor = visit(**WINDOWS[window])
    eyes = Eyes(visitor.page, f"{way.clinic}-{window}")
    reference = book(visitor, way, eyes)
    open_the_link_of_the_message(visitor, administrator, way, reference, eyes)
    moved = move(visitor, eyes)
    cancel(visitor, way, eyes)
    assert eyes.faults == {}
    assert eyes.seen >= 13, "every page was looked at"
    staff_see(administrator, way, reference, moved)


def book(visitor: Visitor, way: Way, eyes: Eyes) -> str:
    """Book as the pages lead, with a look back to edit, and return the reference."""
    page = visitor.open(way.clinic, lang=way.language).page
    visitor.person |= {"first_name": way.first_name, "last_name": way.last_name}
    expect(page.locator("html")).to_have_attribute("lang", way.language)
    eyes.look("type")
    page.locator(f"button[name=type][value={way.type_key}]").click()
    person, new = page.locator("button[name=practitioner]"), page.locator("button[name=been][value=no]")
    person.or_(new).first.wait_for()
    if new.count():
        eyes.look("been-here")
        new.click()
        person.or_(page.locator("#when")).first.wait_for()
    if person.count():
        eyes.look("practitioner")
        page.locator(f"button[name=practitioner][value={way.practitioner}]").click()
    page.locator("#when").wait_for()
    eyes.look("days")
    visitor.choose_day(5)  # a day on which no other test leaves a booking: who is free decides who takes strangers
    eyes.look("times")
    visitor.choose_time()
    page.locator("form.details").wait_for()
    eyes.look("details")
    page.locator("form.details button[value=review]").click()
    page.locator(".error-summary").wait_for()
    eyes.look("mistakes")
    visitor.fill_in().review()
    expect(page.locator(".answers").last).to_contain_text(way.last_name)
    eyes.look("review")
    page.locator(".answers button[value=details]").first.click()
    visitor.field("mobile").wait_for()
    expect(visitor.field("mobile")).to_have_value(visitor.person["mobile"])
    visitor.review()
    reference = visitor.confirm()
    expect(page.locator("h1")).to_have_text(way.booked)
    eyes.look("confirmation")
    return reference


def open_the_link_of_the_message(visitor: Visitor, administrator: Client, way: Way, reference: str, eyes: Eyes) -> None:
    """Find the confirmation in the outbox, read it, and follow its link."""
    messages: list[dict[str, Any]] = []

    def told() -> bool:
        found = administrator.get(f"/staff/clinics/{way.clinic}/messages", booking=reference)["messages"]
        messages[:] = [each for each in found if (each["event"], each["channel"]) == ("booked", way.channel)]
        return bool(messages)

    wait_until(told, f"the confirmation by {way.channel}", SLOW_MACHINE)
    page = visitor.page
    visitor.read_outbox()
    expect(page.locator(f"a[href='/outbox/{messages[0]['id']}']")).to_have_count(1)
    eyes.look("outbox")
    visitor.read_outbox(f"/outbox/{messages[0]['id']}")
    eyes.look("message")
    letter = page if way.channel == "sms" else page.frame_locator("iframe.letter")
    letter.locator("a[href*='/m/']").first.click()
    expect(page.locator(".answers")).to_contain_text(reference)
    eyes.look("link")


def move(visitor: Visitor, eyes: Eyes) -> str:
    """Move to a later month's last free day, and return how the new time is written."""
    page = visitor.page
    before = page.locator(".answers strong").first.inner_text()
    page.locator("a[href*='go=move']").click()
    visitor.wait_for("#when")
    visitor.choose_day(-1)
    eyes.look("other-times")
    moved = visitor.choose_time(-1)
    eyes.look("move-review")
    page.locator("button[value=move]").click()
    page.locator(".success").wait_for()
    expect(page.locator(".answers strong").first).not_to_have_text(before)
    expect(page.locator(".answers strong").first).to_contain_text(moved)
    eyes.look("moved")
    return moved


def cancel(visitor: Visitor, way: Way, eyes: Eyes) -> None:
    """Cancel with a comment."""
    page = visitor.page
    page.locator("a[href*='go=cancel']").click()
    page.locator("textarea").fill(COMMENT)
    eyes.look("cancel")
    page.locator("button[value=cancel]").click()
    expect(page.locator("h1")).to_have_text(way.cancelled)
    expect(page.locator("a[href*='go=move'], a[href*='go=cancel']")).to_have_count(0)
    eyes.look("cancelled")


def staff_see(administrator: Client, way: Way, reference: str, moved: str) -> None:
    """Check what the clinic sees of it: origin, history and the watch list (B19, A1, M5)."""
    clinic = f"/staff/clinics/{way.clinic}"
    booking = administrator.get(f"{clinic}/bookings/{reference}")
    assert (booking["status"], booking["origin"], booking["language"]) == ("cancelled", "web", way.language)
    assert (booking["patient"]["first_name"] or "", booking["patient"]["last_name"] or "") == (
        way.first_name,
        way.last_name,
    )
    entries = administrator.get(f"{clinic}/bookings/{reference}/history")["history"]
    changes = [entry["type"] for entry in entries if entry["type"].startswith("Booking")]
    assert changes == ["BookingCreated", "BookingMoved", "BookingCancelled"]

    def watched() -> bool:
        rows = administrator.get(f"{clinic}/watch-list", limit="200")["watch_list"]
        return any(row["comment"] == COMMENT and reference in str(row) for row in rows)

    wait_until(watched, "the patient on the watch list", SLOW_MACHINE)

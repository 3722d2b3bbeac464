"""What the patients of a manual's clinic see of its set-up."""

import re
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from shared.clinic.times.weeks import WEEKDAYS
from tests.browser.console.manuals.conftest import LANGUAGES, Place
from tests.browser.console.mornings import morning_zone
from tests.browser.visitor import IDENTITY, Visitor
from tests.system.clinics import Document
from tests.system.installation import wait_until
from tests.system.people import a_patient

_seeds = count(8000)


def every_day(*blocks: Document) -> dict[str, list[Document]]:
    """Return a week whose days are all alike."""
    return {weekday: list(blocks) for weekday in WEEKDAYS}


@cache
def zone_of_the_run() -> ZoneInfo:
    """Return a time zone in which it was mid-morning when the first test asked: the same for all, whatever the hour."""
    return morning_zone()


def in_days(number: int) -> date:
    """Return the clinic's date in so many days."""
    return datetime.now(zone_of_the_run()).date() + timedelta(days=number)


def a_patient_of(place: Place) -> Visitor:
    """Return somebody new who opens the booking page."""
    visitor = place.visit(locale=LANGUAGES[place.manual])
    visitor.person = a_patient(*IDENTITY[place.manual], next(_seeds))
    visitor.page.goto(f"/{place.clinic.key}")
    return visitor


def times_on(visitor: Visitor, day: date) -> list[str]:
    """Return the times of a day that the page shows, in one of this month or the next."""
    visitor.by_month()
    wanted = visitor.page.locator(f"button.day[value='{day}']")
    if not wanted.count():
        title = visitor.page.locator(".calendar .month h2")
        before = title.inner_text()
        visitor.page.locator(".turn.next").click()
        expect(title).not_to_have_text(before)
    visitor.choose(wanted)
    return [each.inner_text().strip() for each in visitor.times.all()]


def own_page(place: Place, type_key: str, days: int) -> Page:
    """Return the page that the link in the confirmation of an appointment in so many days opens."""
    wanted = str(in_days(days))
    offered = place.clinic.public.slots(place.clinic.key, type_key, in_days(0))
    slot = next(each for each in offered if each["start"].startswith(wanted))
    reference, _ = place.booked(slot, type=type_key)
    link = re.search(r"http\S+/m/\S+", message_about(place, reference))
    assert link is not None
    page = place.visit(locale=LANGUAGES[place.manual]).page
    page.goto(link[0])
    return page


def message_about(place: Place, reference: str) -> str:
    """Return the text message that confirms a booking."""
    found: list[str] = []

    def has_come() -> bool:
        rows = place.clinic.desk("GET", "messages", booking=reference)["messages"]
        found[:] = [each["id"] for each in rows if (each["event"], each["channel"]) == ("booked", "sms")]
        return bool(found)

    wait_until(has_come, "the confirmation")
    return str(place.clinic.desk("GET", f"messages/{found[0]}")["text"])


def offered(page: Page) -> list[str]:
    """Return the keys of the practitioners among whom a patient may choose."""
    return [each.get_attribute("value") or "" for each in page.locator("button[name=practitioner]").all()]

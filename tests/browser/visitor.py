"""Somebody at a browser: what patients do on the pages, by what they see there."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests
from playwright.sync_api import Locator, Page, expect

from tests.system.people import a_patient

IDENTITY = {
    "frenda": ("se.personnummer", "SE"),
    "norsk": ("no.fodselsnummer", "NO"),
    "aldente": ("dk.cpr", "DK"),
    "optamed": ("ch.ssn", "CH"),
    "exir": ("ir.melli", "IR"),
}


_BROKEN_WORDS = """() => [...document.querySelectorAll("h1, h2, h3, legend, .choice-title, .fold > summary span")]
  .filter((title) => title.checkVisibility())
  .flatMap((title) => {
    const found = [], texts = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const { index, 0: word } of texts.currentNode.data.matchAll(/[^\\s\u2010-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) found.push(word);
      }
    }
    return found;
  })"""


@dataclass
class Visitor:
    """A patient and their browser page; `seed` decides who they are, `coming_from` tells from which address."""

    page: Page
    coming_from: dict[str, str]
    seed: int
    clinic: str = ""
    person: dict[str, Any] = field(default_factory=dict)

    def open(self, clinic: str, **query: str) -> "Visitor":
        """Open a clinic's booking page."""
        self.clinic = clinic
        self.person = a_patient(*IDENTITY[clinic], self.seed)
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        self.page.goto(f"/{clinic}?{asked}")
        return self

    def choose_type(self, key: str) -> "Visitor":
        """Choose what to book, as somebody who is new, whoever is free where that is asked, and to see the month."""
        self.page.locator(f"button[name=type][value={key}]").click()
        anybody, new = (
            self.page.locator(f"button[name={name}]") for name in ("practitioner][value=any", "been][value=no")
        )
        when = self.page.locator("#when")
        anybody.or_(when).or_(new).first.wait_for()
        if new.count():
            new.click()
            anybody.or_(when).first.wait_for()
        if anybody.count():
            anybody.click()
        return self.by_month()

    def by_month(self) -> "Visitor":
        """Go on from a week's times to the month behind them, where they stand first."""
        self.wait_for("#when")
        if (a_date := self.page.locator(".glance button[name=month]")).count():
            a_date.click()
        self.wait_for(".calendar")
        return self

    def wait_for(self, selector: str) -> None:
        """Wait until the page has it and all that it loads: styles, scripts, images."""
        self.page.locator(selector).first.wait_for()
        self.page.wait_for_load_state()

    @property
    def days(self) -> Locator:
        """The days that can be chosen."""
        return self.page.locator("button.day")

    @property
    def times(self) -> Locator:
        """The times that can be chosen of a week or a day, or instead of one that is lost."""
        return self.page.locator(":is(.week, .times, .alternatives) button.time")

    def choose_day(self, number: int = 2) -> "Visitor":
        """Choose a later month's `number`-th free day (-1: its last one), far from deadlines and other tests' choices.

        The month that is shown first may be nearly over.
        """
        self.by_month()
        title = self.page.locator(".calendar .month h2")
        before = title.inner_text()
        self.page.locator(".turn.next").click()
        expect(title).not_to_have_text(before)
        return self.choose(self.days.nth(number))

    def choose(self, day: Locator) -> "Visitor":
        """Choose a free day and wait for its own times, which may replace those of another."""
        date = day.get_attribute("value")
        day.click()
        expect(self.page.locator("[data-swap][aria-busy]")).to_have_count(0)
        self.page.locator(f"button.day[value='{date}'][aria-pressed=true]").wait_for()
        self.times.first.wait_for()
        expect(self.times.first).to_be_in_viewport(ratio=1)  # with scripts and without: what was asked for is seen
        return self

    def choose_time(self, number: int = 0) -> str:
        """Choose a free time of the day and return how it is written; the next step comes."""
        if number:
            for hour in self.page.locator(".times details:not([open]) > summary").all():
                hour.click()
        written = self.times.nth(number).inner_text()
        self.times.nth(number).click()
        somebody_else = self.page.locator("button[name=person][value=else]")
        self.wait_for("form.details, form.review, button[value=move], button[name=person]")
        if somebody_else.count():
            somebody_else.click()
            self.wait_for("form.details")
        return written

    def as_somebody_else(self) -> "Visitor":
        """Come to the form about the patient, also where the review of whom the clinic knows is shown at once."""
        self.wait_for("form.details, form.review")
        if (change := self.page.locator("form.review button[value=for_whom]")).count():
            change.click()
            self.page.locator("button[name=person][value=else]").click()
        self.wait_for("form.details")
        return self

    def fill_in(self) -> "Visitor":
        """Fill in what is asked."""
        self.as_somebody_else()
        for name, value in self.person.items():
            if self.field(name).count():
                self.field(name).fill(value)
        for group in self.page.locator("fieldset:has(input[type=radio])").all():
            group.locator("input").first.check()
        return self

    def field(self, name: str) -> Locator:
        """Return the field of the form about the patient."""
        return self.page.locator(f'form.details [name="patient.{name}"]')

    def review(self) -> "Visitor":
        """Go on to the review."""
        self.page.locator("form.details button[value=review]").click()
        self.wait_for("form.review")
        return self

    @property
    def confirm_button(self) -> Locator:
        """The button that books."""
        return self.page.locator("form.review .actions button[value=confirm]")

    def confirm(self) -> str:
        """Confirm and return the reference."""
        self.confirm_button.click()
        return self.reference()

    def reference(self) -> str:
        """Return the reference on the confirmation."""
        heading = self.page.locator("h1")
        self.wait_for(".done, .alert, .error-summary")
        assert self.page.locator(".done").count(), f"not booked: {heading.inner_text()}"
        return self.page.locator(".done strong").inner_text()

    def book(self, clinic: str, type_key: str, **query: str) -> str:
        """Go the whole way and return the reference."""
        self.open(clinic, **query).choose_type(type_key).choose_day().choose_time()
        return self.fill_in().review().confirm()

    def read_outbox(self, address: str = "/outbox") -> None:
        """Open a page of the outbox, as only somebody at the machine itself may: without a word of a proxy."""
        self.page.context.set_extra_http_headers({})
        self.page.goto(address)
        self.page.context.set_extra_http_headers(self.coming_from)

    def outbox(self, address: str = "/outbox") -> str:
        """Return a page of the outbox without leaving one's own."""
        return requests.get(urljoin(self.page.url, address), timeout=20).text

    def broken_words(self) -> list[str]:
        """Return the words of titles that do not stand in one line."""
        self.page.wait_for_load_state()
        found: list[str] = self.page.evaluate(_BROKEN_WORDS)
        return found

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        self.page.wait_for_load_state()
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

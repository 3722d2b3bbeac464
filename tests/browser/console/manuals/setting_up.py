"""An administrator who sets a clinic up as its manual says: by the words on the pages, in the clinic's language.

Fields are found by what they are called there, as somebody finds them who has the manual in hand and has never seen
the document.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import grave_faults
from tests.browser.console.manuals.conftest import Place
from tests.browser.eyes import WINDOWS


def _called(label: str) -> re.Pattern[str]:
    """Return what finds a field by its label, whether or not it says that it may be left out."""
    written = re.escape(label).replace("/", r"\/")  # Playwright writes it between slashes
    return re.compile(rf"^\s*{written}(\s*\([^)]*\))?\s*$")


@dataclass
class Fields:
    """The fields of a form, or of what is inside one of its groups."""

    scope: Locator

    def inside(self, title: str) -> "Fields":
        """Return what stands under a title, unfolded."""
        folded = self.scope.locator("details", has=self.scope.page.locator("> summary", has_text=_called(title)))
        if folded.count():
            if folded.first.get_attribute("open") is None:
                folded.first.locator("> summary").click()
            return Fields(folded.first)
        return Fields(self.scope.get_by_role("group", name=_called(title)).first)

    def field(self, label: str) -> Locator:
        """Return the field of this label."""
        return self.scope.get_by_label(_called(label)).first

    def fill(self, label: str, text: str) -> Self:
        """Type into a field instead of what stands there."""
        self.field(label).fill(text)
        return self

    def choose(self, label: str, *, of: str) -> Self:
        """Choose from a list by what is shown there."""
        self.field(of).select_option(label=label)
        return self

    def tick(self, *labels: str) -> Self:
        """Tick boxes."""
        for label in labels:
            self.scope.get_by_role("checkbox", name=_called(label)).check()
        return self

    def untick(self, *labels: str) -> Self:
        """Take ticks away."""
        for label in labels:
            self.scope.get_by_role("checkbox", name=_called(label)).uncheck()
        return self

    def last(self, label: str, number: str, unit: str | None = None) -> Self:
        """Say how long something lasts: a number, and its unit where there are several."""
        group = self.scope.get_by_role("group", name=_called(label)).first
        group.locator("input:not([type=hidden])").fill(number)
        if unit is not None:
            group.locator("select").select_option(label=unit)
        return self


@dataclass
class SettingUp(Fields):
    """The set-up's pages before an administrator. `name` is what pictures of them are called."""

    place: Place
    name: str
    looked: int = 0
    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, place: Place, name: str) -> "SettingUp":
        """Log an administrator in, who is led to the set-up's overview."""
        return cls(place.desk("/set-up").locator("main"), place, name)

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.scope.page

    def open(self, *doors: str) -> Self:
        """Go to the overview, and from there by links of these names."""
        self.page.goto(f"{self.place.url}/set-up")
        for door in doors:
            self.enter(door)
        return self

    def find(self, words: str, called: str) -> Self:
        """Look for a setting by some words, and go where it stands."""
        self.page.goto(f"{self.place.url}/set-up")
        self.scope.get_by_role("searchbox").fill(words)
        self.scope.locator("#found").get_by_role("link", name=re.compile(rf"^\s*{re.escape(called)}")).first.wait_for()
        self.look()
        return self.enter(called)

    def enter(self, door: str) -> Self:
        """Follow a link by its name: the first words of what it says."""
        before = self.page.url
        self.scope.get_by_role("link", name=re.compile(rf"^\s*{re.escape(door)}")).first.click()
        self.page.wait_for_url(lambda url: url != before)
        self.page.wait_for_load_state()
        return self

    def type_blocks(self, day: str, kind: str, *blocks: tuple[str, ...]) -> Self:
        """Type a day's blocks of a kind into the list of a week: from, to, and the time from start to start if any."""
        as_list = self.page.locator("[data-as-list][aria-expanded=false]")
        if as_list.count():
            as_list.click()
        for number, (start, end, *step) in enumerate(blocks):
            row = f"week.{day}.{number}"
            if not self.page.locator(f"[name='{row}.kind']").count():
                self.page.locator(f"button[value='more:week.{day}']").click()
                return self.type_blocks(day, kind, *blocks)
            self.page.locator(f"[name='{row}.kind']").select_option(label=kind)
            for name, text in (("from", start), ("to", end), ("step.number", "".join(step))):
                self.page.locator(f"[name='{row}.{name}']").fill(text)
        return self

    def press(self, button: str) -> Self:
        """Press a button by its name, and be shown what follows."""
        with self.page.expect_navigation():
            self.scope.get_by_role("button", name=_called(button)).click()
        return self

    def check(self) -> Self:
        """Ask what would become different, and be shown it."""
        with self.page.expect_navigation():
            self.scope.locator("form.set-up .actions button[value=check]").click()
        return self

    def save(self) -> Self:
        """Look at what would become different, and save it."""
        self.check()
        expect(self.scope.locator(".error-summary")).to_have_count(0)
        self.look()
        self.scope.locator("form.set-up button[value=apply]").click()
        self.page.wait_for_url("**?done=applied")
        expect(self.scope.locator(".notice").first).to_be_visible()
        return self

    def refused(self) -> str:
        """Check, and return what the page says is wrong."""
        self.check()
        return self.scope.locator(".error-summary").inner_text()

    def look(self) -> Self:
        """See once whether everybody can use the page; with SCREENSHOTS=<folder>, keep pictures of both windows."""
        self.looked += 1
        if (path := urlsplit(self.page.url).path) not in self.seen:
            assert grave_faults(self.page) == []
            self.seen.add(path)
        if folder := os.environ.get("SCREENSHOTS"):
            wide = self.page.viewport_size
            for window in WINDOWS:
                self.page.set_viewport_size(WINDOWS[window]["viewport"])
                picture = Path(folder) / f"{self.name}-{self.looked:02d}-{window}.png"
                self.page.screenshot(path=picture, full_page=True)
            if wide is not None:
                self.page.set_viewport_size(wide)
        return self

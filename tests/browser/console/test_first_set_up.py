"""A new clinic from nothing in Chromium, by somebody who knows the manual of a Danish or Norwegian system alone: few
answers, few presses, and then a patient books there (issue 14, ADR 47)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import grave_faults
from tests.browser.console.desk import has_come_to
from tests.browser.console.presses import count_presses, presses
from tests.browser.visitor import Visitor
from tests.system.installation import ADMIN, Installation, wait_until
from tests.system.people import a_patient

NEW = "/staff/-/clinics/new"
MOST_ANSWERS, MOST_PRESSES = 12, 20


@dataclass
class Founder:
    """Somebody who makes a clinic, and how much is asked of them."""

    page: Page
    answers: int = 0

    def sign_in(self, path: str) -> None:
        """Sign in as the installation's administrator, and be led to a page."""
        self.page.goto(f"/staff/-/sign-in?to={path}")
        self.page.locator("main [name=email]").fill(ADMIN[0])
        self.page.locator("main [name=password]").fill(ADMIN[1])
        self.page.locator("main button").last.click()
        has_come_to(self.page, path)

    def answer(self, **fields: str) -> None:
        """Type into fields."""
        for name, text in fields.items():
            self.page.locator(f".first-set-up [name={name}]").fill(text)
            self.answers += 1

    def choose(self, name: str, value: str) -> None:
        """Press one of several."""
        self.page.locator(f".first-set-up [name={name}][value={value}]").click()
        self.answers += 1

    def on(self, step: str) -> None:
        """Press the button that leads on, and wait for the page behind it."""
        self.page.locator(".first-set-up .actions button").last.click()
        self.page.wait_for_url(f"**/{step}")


@pytest.mark.parametrize(
    ("locale", "start", "names", "hours", "type_key", "identity"),
    [
        ("da-DK", "dentist", "Sofie Åkjær\nMads Øst", "man-fre kl. 8-12 og 12.30-16", "undersogelse", ("dk.cpr", "DK")),
        (
            "nb-NO", "doctor", "Kari Ås", "mandag til torsdag 8.30–11.30, 12–15; fre 9-12", "legetime",
            ("no.fodselsnummer", "NO"),
        ),
    ],
    ids=["danish", "norwegian"],
)  # fmt: skip
def test_a_clinic_is_made_by_twelve_answers_and_twenty_presses_and_a_patient_books_there(
    running: Installation,
    visit: Callable[..., Visitor],
    locale: str,
    start: str,
    names: str,
    hours: str,
    type_key: str,
    identity: tuple[str, str],
) -> None:
    page = visit(locale=locale, viewport={"width": 1280, "height": 900}).page
    count_presses(page)
    founder = Founder(page)
    founder.sign_in("/staff/-/clinics")
    begun = presses(page)
    own = uuid4().hex[:8]
    page.locator(f"main a[href='{NEW}']").click()
    founder.choose("start", start)
    founder.on("clinic")
    founder.answer(name=f"Klinik Ærø {own}", phone="+45 86 12 34 56", email="post@klinik.example", address="Torvet 1")
    founder.on("people")
    founder.answer(practitioners=names, hours=hours)
    founder.on("types")
    assert grave_faults(page) == []
    founder.on("check")
    assert grave_faults(page) == []
    expect(page.locator("[name=clinic]")).to_have_value(f"klinik-aero-{own}")
    founder.answer(administrator=f"leder-{own}@klinik.example")
    founder.choose("active", "yes")
    page.locator(".first-set-up .actions button").last.click()
    has_come_to(page, f"/staff/klinik-aero-{own}/set-up")
    assert founder.answers <= MOST_ANSWERS
    assert presses(page) - begun <= MOST_PRESSES
    expect(page.locator(".still-open")).to_have_count(0)

    patient = visit(locale=locale)
    wait_until(lambda: f"leder-{own}@klinik.example" in patient_outbox(running, patient), "the invitation is sent")
    patient.clinic, patient.person = f"klinik-aero-{own}", a_patient(*identity, patient.seed)
    patient.page.goto(f"/{patient.clinic}")
    patient.choose_type(type_key).choose_day().choose_time()
    assert patient.fill_in().review().confirm()


def patient_outbox(running: Installation, visitor: Visitor) -> str:
    """Return the outbox, also before the visitor has opened a page."""
    if visitor.page.url == "about:blank":
        visitor.page.goto(running.url)
    return visitor.outbox()


@pytest.mark.parametrize("window", [{"width": 390, "height": 800}, {"width": 1280, "height": 900}], ids=["390", "1280"])
def test_it_works_without_scripts_from_right_to_left_back_and_forth(
    visit: Callable[..., Visitor], window: dict[str, int]
) -> None:
    page = visit(locale="fa-IR", viewport=window, java_script_enabled=False).page
    founder = Founder(page)
    founder.sign_in(NEW)
    own = uuid4().hex[:8]
    founder.choose("start", "like-exir")
    founder.on("clinic")
    founder.answer(name=f"درمانگاه مهر {own}")
    founder.on("people")
    founder.answer(practitioners="دکتر سارا کریمی")
    page.locator("button[value=back]").click()
    page.wait_for_url("**/clinic")
    expect(page.locator("[name=name]")).to_have_value(f"درمانگاه مهر {own}")
    page.goto(NEW)
    page.get_by_role("link", name=f"درمانگاه مهر {own}").click()
    founder.on("people")
    expect(page.locator("[name=practitioners]")).to_have_value("دکتر سارا کریمی")
    founder.on("check")
    expect(page.locator(".seen-types li")).to_have_count(2)
    page.locator(".first-set-up .actions button").last.click()
    expect(page.locator("[name=administrator]")).to_have_attribute("aria-invalid", "true")
    founder.answer(administrator=f"modir-{own}@mehr.example")
    key = page.locator("[name=clinic]").input_value()
    page.locator(".first-set-up .actions button").last.click()
    has_come_to(page, f"/staff/{key}/set-up")
    open_still = page.locator(".still-open a")
    assert [each.get_attribute("href") for each in open_still.all()] == [
        f"/staff/{key}/set-up/clinic", f"/staff/{key}/set-up/booking", f"/staff/{key}/set-up/pictures",
    ]  # fmt: skip

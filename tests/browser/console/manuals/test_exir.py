"""exir's manual, which is about the clinic's own half of booking."""

from collections.abc import Callable
from datetime import date, timedelta

import jdatetime
from playwright.sync_api import Page, expect

from tests.browser.console.manuals.conftest import Place, in_calendar

OpenPlace = Callable[..., Place]


def choose_day(page: Page, name: str, day: date) -> None:
    """Enter a day into a form as it is written in Iran."""
    there = jdatetime.date.fromgregorian(date=day)
    for part, value in (("day", there.day), ("month", there.month), ("year", there.year)):
        page.locator(f"#panel [name='{name}.{part}'], main [name='{name}.{part}']").first.fill(str(value))


def free_on(place: Place, day: date) -> list[str]:
    """Return the practitioners' times that patients are offered on a day."""
    return [slot["start"][11:16] for slot in place.slots() if slot["start"].startswith(day.isoformat())]


def test_exir_1_booked_times_are_seen_in_the_desk_s_program(place: OpenPlace) -> None:
    """۱- امکان مشاهده نوبت های ثبت شده در نرم افزار ویندوزی"""
    exir = place("exir")
    slot = exir.slots()[0]
    reference, patient = exir.booked(slot)
    page = exir.desk(f"/calendar?date={slot['start'][:10]}")
    booking = in_calendar(page, reference)
    expect(booking).to_contain_text(patient["last_name"])
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("link", name="فهرست", exact=True).click()
    expect(page.locator("main tr", has_text=patient["last_name"])).to_be_visible()


def test_exir_4_days_off_are_entered_and_changed(place: OpenPlace) -> None:
    """۴- امکان ثبت روزهای مرخصی یا تعطیلات و در صورت نیاز تغییر آنها"""
    exir = place("exir")
    slot = exir.slots()[0]
    practitioner, day = slot["practitioners"][0], date.fromisoformat(slot["start"][:10])
    page = exir.desk("/absences/new")
    page.locator("[name=whose]").select_option(f"practitioner:{practitioner}")
    choose_day(page, "from", day)
    choose_day(page, "to", day)
    page.locator("[name=reason]").fill("مرخصی")
    page.get_by_role("button", name="ذخیره").click()
    page.wait_for_url("**?done=*")
    away = exir.slots(practitioner=practitioner)
    assert not [each for each in away if each["start"].startswith(day.isoformat())]
    page.goto(page.url.partition("?")[0])
    later = day + timedelta(days=120)
    choose_day(page, "from", later)
    choose_day(page, "to", later)
    page.get_by_role("button", name="ذخیره").click()
    page.wait_for_url("**?done=*")
    back = exir.slots(practitioner=practitioner)
    assert [each for each in back if each["start"].startswith(day.isoformat())]


def test_exir_7_times_are_blocked_in_the_calendar(place: OpenPlace) -> None:
    """۷- تعیین بازه زمانی مشخص برای دریافت نوبت و مسدود نمودن نوبت ها"""
    exir = place("exir")
    slot = exir.slots()[0]
    practitioner, day, start = slot["practitioners"][0], slot["start"][:10], slot["start"][11:16]
    end = slot["end"][11:16]
    page = exir.desk(f"/absences/new?practitioner={practitioner}&from={day}T{start}&to={day}T{end}")
    page.get_by_role("button", name="ذخیره").click()
    page.wait_for_url("**?done=*")
    offered = [each["start"] for each in exir.slots(practitioner=practitioner) if each["start"].startswith(day)]
    assert slot["start"] not in offered
    assert offered, "only that time is blocked"


def test_exir_8_answers_to_the_clinic_s_own_questions_are_shown_at_the_desk(place: OpenPlace) -> None:
    """۸- امکان تعریف فیلدهای اختصاصی در هنگام ثبت نوبت و نمایش آنها در ماژول ویندوزی نوبت دهی"""
    exir = place("exir")
    slot = exir.slots()[0]
    reference, _ = exir.booked(slot, answers={"insurance": "نیروهای مسلح", "first-visit": True})
    page = exir.desk(f"/calendar?date={slot['start'][:10]}")
    in_calendar(page, reference).click()
    panel = page.locator("#panel")
    expect(panel.locator("dt", has_text="نوع بیمه")).to_be_visible()
    expect(panel.locator("dd", has_text="نیروهای مسلح")).to_be_visible()
    expect(panel.locator("dt", has_text="آیا اولین مراجعه شماست؟")).to_be_visible()
    expect(panel.locator("dd", has_text="بله")).to_be_visible()

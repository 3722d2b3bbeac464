"""exir's ten points: what is set up for them click by click, and then seen from the patient's side."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import expect

from shared.texts.language import calendar_parts
from tests.browser.console.manuals.conftest import PASSWORD, Place
from tests.browser.console.manuals.setting_up import SettingUp
from tests.system.demo_bookings import in_a_week
from tests.system.installation import wait_until

OpenPlace = Callable[..., Place]
VISITS = "ویزیت"
SATURDAY_TO_WEDNESDAY = ("sat", "sun", "mon", "tue", "wed")
EVERY_QUARTER = ["08:30", "08:45", "09:00", "09:15"]
EVERY_TWENTY = ["11:00", "11:20", "11:40"]
EVERY_HALF_HOUR = ["17:00", "17:30"]


def choose_day(set_up: SettingUp, label: str, day: date) -> None:
    """Enter a date by the calendar of the country."""
    group = set_up.inside(label)
    for said, value in zip(("سال", "ماه", "روز"), calendar_parts(day, "fa"), strict=True):
        group.fill(said, value)


def by_weekday(slots: list[dict[str, Any]]) -> dict[int, list[str]]:
    """Return the times of day that are offered, by the day of the week."""
    found: dict[int, set[str]] = {}
    for slot in slots:
        found.setdefault(date.fromisoformat(slot["start"][:10]).weekday(), set()).add(slot["start"][11:16])
    return {day: sorted(times) for day, times in found.items()}


def test_exir_2_3_5_programmes_of_changing_days_and_distances_and_official_holidays_at_will(place: OpenPlace) -> None:
    """۲- برنامه کاری در روزهای متفاوت … ۳- فاصله زمانی … به طور متغیر ۵- نمایش یا عدم نمایش تعطیلات رسمی"""
    exir = place("exir", days=[], absences=[])
    set_up = SettingUp.of(exir, "exir-programme").look()
    set_up.open("الگوهای هفته", "افزودن").fill("نام الگوی هفته", "parsa")
    for day in SATURDAY_TO_WEDNESDAY:
        set_up.type_blocks(day, VISITS, ("۰۸:۳۰", "۰۹:۳۰"), ("۱۱", "۱۲", "۲۰"))
    for day in ("thu", "fri"):
        set_up.type_blocks(day, VISITS, ("17", "18", "30"))
    set_up.save()
    set_up.open("برنامه کاری", "دکتر نیلوفر پارسا").choose("parsa", of="الگوی هفته").save()
    offered = by_weekday(exir.slots("visit", practitioner="parsa"))
    for weekday in (5, 6, 0, 1, 2):
        assert offered[weekday] == [*EVERY_QUARTER, *EVERY_TWENTY]
    assert offered[3] == offered[4] == EVERY_HALF_HOUR

    holidays = set_up.open("نوبت‌دهی اینترنتی").last("تا چند روز آینده می‌توان نوبت گرفت", "").inside("تعطیلات رسمی")
    set_up.save()
    page = exir.patient("?type=visit&practitioner=parsa").by_month().page
    title = page.locator(".calendar .month h2")
    for _ in range(12):  # from the next month on, of which no day is over
        before = title.inner_text()
        page.locator(".turn.next").click()
        expect(title).not_to_have_text(before)
        expect(page.locator("[data-swap][aria-busy]")).to_have_count(0)
        if page.locator("ul.holidays li").count():
            break
    closed = page.locator(".calendar span.day.none[title]").first
    name = str(closed.get_attribute("title"))
    number = closed.inner_text().split()[0]
    expect(page.locator("ul.holidays")).to_contain_text(name)
    holidays = set_up.open("نوبت‌دهی اینترنتی").inside("تعطیلات رسمی")
    holidays.untick("نمایش تعطیلات رسمی با نام در صفحه نوبت‌دهی", "تعطیل در تعطیلات رسمی")
    set_up.save()
    page.reload()
    expect(page.locator(".calendar button.day", has_text=re.compile(rf"^{number}$"))).to_be_visible()
    expect(page.locator("ul.holidays")).to_have_count(0)
    assert name not in page.content()


def test_exir_6_text_messages_go_out_after_booking_and_at_cancellation(place: OpenPlace) -> None:
    """۶- ارسال پیامک ثبت نوبت بعد از رزرو و همچنین پیامک لغو نوبت"""
    exir = place("exir", channels={"booked": [], "moved": [], "cancelled": [], "practitioner": ["email"]})
    set_up = SettingUp.of(exir, "exir-messages").open("پیام‌ها و یادآوری‌ها")
    who = set_up.inside("چه کسی و چگونه باخبر می‌شود")
    who.inside("تأیید ثبت نوبت").tick("پیامک")
    who.inside("لغو نوبت").tick("پیامک")
    set_up.save().look()
    answer, patient = exir.book(exir.slots()[0])

    def sent() -> set[tuple[str, str]]:
        rows = exir.clinic.desk("GET", "messages", booking=answer["reference"])["messages"]
        return {(each["event"], each["channel"]) for each in rows if each["to"] == patient["mobile"]}

    wait_until(lambda: ("booked", "sms") in sent(), "the text message that confirms it")
    cancelled = exir.clinic.link(answer["manage_token"], "cancel", {})
    assert cancelled.status == 200, cancelled
    wait_until(lambda: ("cancelled", "sms") in sent(), "the one that it is cancelled")


def test_exir_7_8_9_a_bounded_period_own_fields_and_own_texts(place: OpenPlace) -> None:
    """۷- تعیین بازه زمانی مشخص برای دریافت نوبت ۸- تعریف فیلدهای اختصاصی ۹- یادداشت متن‌های سفارشی یا پیام"""
    exir = place("exir", fields=[], days=[], absences=[])
    set_up = SettingUp.of(exir, "exir-own").open("نوبت‌دهی اینترنتی")
    first, last = in_a_week() + timedelta(days=3), in_a_week() + timedelta(days=16)
    rules = set_up.inside("نوبت‌دهی اینترنتی")
    assert rules
    choose_day(set_up, "بازه دریافت نوبت: از تاریخ", first)
    choose_day(set_up, "بازه دریافت نوبت: تا تاریخ", last)
    set_up.save()
    days = {date.fromisoformat(slot["start"][:10]) for slot in exir.slots()}
    assert days
    assert first <= min(days) <= max(days) <= last

    set_up.open("متن‌های سفارشی").inside("متن‌های سفارشی").inside("بالای صفحه نوبت‌دهی").fill(
        "فارسی", "مطب به طبقه دوم رفت."
    )
    set_up.save()
    form = set_up.open("فیلدهای اختصاصی", "افزودن")
    form.inside("سؤال").fill("فارسی", "از چه راهی با ما آشنا شدید؟")
    form.choose("یکی از چند پاسخ", of="نوع پاسخ").tick("پاسخ لازم است")
    for number, text in (("۱", "دوستان"), ("۲", "اینترنت")):
        row = form.inside(f"پاسخ‌های قابل انتخاب {number}")
        row.fill("فارسی", text)
        if number == "۱":
            set_up.scope.locator("button[value='more:choices']").click()
            set_up.page.wait_for_load_state()
    set_up.save().look()

    patient = exir.patient()
    expect(patient.page.locator("main")).to_contain_text("مطب به طبقه دوم رفت.")
    patient.choose_type("visit")
    patient.days.first.click()
    patient.times.first.wait_for()
    patient.choose_time()
    patient.fill_in()
    patient.page.get_by_label("اینترنت").check()
    patient.review().confirm()
    reference = patient.reference()
    page = exir.desk(f"/bookings/{reference}")
    expect(page.locator("dt", has_text="از چه راهی با ما آشنا شدید؟")).to_be_visible()
    expect(page.locator("dd", has_text="اینترنت")).to_be_visible()


def test_exir_10_login_in_two_steps_is_switched_on(place: OpenPlace) -> None:
    """۱۰- امکان فعال سازی ورود دو مرحله ای"""
    exir = place("exir")
    therapist = exir.account("therapist", "rad")
    set_up = SettingUp.of(exir, "exir-two-steps").open("نوبت‌دهی اینترنتی")
    set_up.inside("ورود دومرحله‌ای").choose("همه", of="کارکنان مطب")
    set_up.check().look().scope.locator("form.set-up button[value=apply]").click()
    set_up.page.wait_for_url("**/-/account?wanted=two-step")
    set_up.look()
    page = exir.visit(locale="fa-IR").page
    page.goto(f"/staff/-/sign-in?to={exir.url}/calendar")
    exir.log_in(page, therapist)
    page.wait_for_url("**/-/account?wanted=two-step")
    page.locator("main [name=password]").first.fill(PASSWORD)
    page.get_by_role("button", name="راه‌اندازی").click()
    expect(page.locator(".qr svg")).to_be_visible()

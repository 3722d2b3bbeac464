"""Own message texts beside the message as it would go out, while one types (issue 14, N4)."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.accessibility import grave_faults
from tests.browser.console.desk import Desk


def test_n4_a_message_is_seen_as_it_would_go_out_while_one_types(desk: Callable[..., Desk]) -> None:
    page = desk("/set-up/messages").page
    booked = page.locator("#messages-booked")
    booked.locator("summary").first.click()
    text = booked.locator("[name^='messages.booked.sms.']").first
    language = (text.get_attribute("name") or "").rpartition(".")[2]
    seen = page.locator(f"#seen-booked-sms-{language}")
    seen.scroll_into_view_if_needed()
    expect(seen).to_contain_text("GSM-7")
    built_in = seen.inner_text()
    booked.locator(".variables summary").click()
    text.fill("On ")
    booked.locator("[data-insert]", has_text="booking.date").click()
    expect(text).to_have_value("On {{ booking.date }}")
    expect(text).to_be_focused()
    expect(seen.locator(".bubble")).to_contain_text("On ")
    expect(seen.locator(".bubble")).not_to_contain_text("booking.date")
    expect(seen).to_contain_text("The patient cannot move or cancel by it without the link.")
    assert grave_faults(page) == []
    text.fill("{{ patient.nickname }}")
    expect(seen.locator(".error")).to_contain_text("is not among what can be filled in")
    text.fill("")
    expect(seen).to_have_text(built_in, use_inner_text=True)

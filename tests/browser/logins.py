"""Logging in on the pages: the code is read where an installation without providers keeps it."""

import re
from typing import Any

import requests
from playwright.sync_api import FrameLocator, Page

from tests.system.installation import wait_until

SLOW_MACHINE = 60.0  # seconds
_ROW = re.compile(r'<a class="choice" href="/outbox/[^"]+">(.*?)</a>', re.DOTALL)
_CODE = re.compile(r"(?<![\d+])\d{6}(?:\d{3}){0,2}(?!\d)")


def codes_sent(url: str, mobile: str) -> list[str]:
    """Return the codes that went to a mobile (E.164), newest first."""
    rows = _ROW.findall(requests.get(f"{url}/outbox", timeout=20).text)
    found = [_CODE.search(re.sub(r"<bdi dir=.*", "", row, flags=re.DOTALL)) for row in rows if mobile in row]
    return [code[0] for code in found if code]


def ask_for_code(window: Page | FrameLocator, url: str, mobile: str, **also: str) -> str:
    """Give the mobile (and the number, as `national_id`) on the page, and return the code that is sent."""
    before = len(codes_sent(url, mobile))
    for name, value in {"mobile": mobile, **also}.items():
        window.locator(f"main [name='login.{name}']").fill(value)
    window.locator("button[value=send_code]").click()
    window.locator("main [name='login.code']").wait_for()
    wait_until(lambda: len(codes_sent(url, mobile)) > before, "the code is in the outbox", SLOW_MACHINE)
    return codes_sent(url, mobile)[0]


def give_code(window: Page | FrameLocator, code: str) -> None:
    """Give a code on the page."""
    window.locator("main [name='login.code']").fill(code)
    window.locator("button[value=log_in]").click()


def log_in(window: Page | FrameLocator, url: str, person: dict[str, Any], **also: str) -> None:
    """Log somebody in."""
    give_code(window, ask_for_code(window, url, person["mobile"], **also))

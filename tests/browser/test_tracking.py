"""The browser loads the clinic's tracking addresses by itself (PRODUCT B17)."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Request, Route

from tests.browser.visitor import Visitor
from tests.system.api_client import staff
from tests.system.installation import ADMIN, Installation

VISIT, COMPLETED = "https://track.example/visit.gif?of=solna", "https://count.example/done.gif"


@pytest.fixture
def tracked(running: Installation) -> Iterator[None]:
    """Let the Norwegian clinic track, until the test is over."""
    administrator = staff(running.url, *ADMIN)
    address = "/staff/clinics/norsk/document"
    before = administrator.get(address).body
    booking = {**before["booking"], "tracking": {"visit": VISIT, "completed": COMPLETED}}
    assert administrator.call("PUT", address, {**before, "booking": booking}).status == 200
    yield
    assert administrator.call("PUT", address, before).status == 200


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_visit_and_a_booking_are_told_once_each_and_nothing_with_them_b17(
    visit: Callable[..., Visitor], tracked: None, script: bool
) -> None:
    visitor = visit(java_script_enabled=script, locale="nb")
    loaded: list[Request] = []

    def note(route: Route) -> None:
        loaded.append(route.request)
        route.fulfill(status=204)

    visitor.page.route("https://*.example/**", note)
    visitor.open("norsk").choose_type("consultation")
    visitor.page.reload()
    visitor.choose_day().choose_time()
    visitor.fill_in().review().confirm()
    visitor.page.reload()  # the image was asked for before: all that a page loads is waited for
    visitor.page.locator(".done").wait_for()
    assert [request.url for request in loaded] == [VISIT, COMPLETED]
    for request in loaded:
        assert not {"referer", "cookie"} & set(request.headers)

"""Pictures in the console: put by their file, seen by patients at once, removed (PRODUCT B21)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.console.desk import Desk
from tests.browser.eyes import WINDOWS, Eyes
from tests.browser.visitor import Visitor
from tests.builders.pictures import a_drawing

PICTURES = "/set-up/pictures"


@pytest.mark.parametrize(
    ("window", "scheme", "language"),
    [("desktop", "light", "en"), ("telephone", "dark", "fa"), ("telephone", "light", "sv")],
)
def test_b21_a_face_is_put_by_its_file_and_patients_see_it_at_once(
    desk: Callable[..., Desk],
    visit: Callable[..., Visitor],
    tmp_path: Path,
    window: str,
    scheme: str,
    language: str,
) -> None:
    at_desk = desk(PICTURES, **WINDOWS[window], color_scheme=scheme, locale=language)
    page, eyes = at_desk.page, Eyes(at_desk.page, f"pictures-{window}-{scheme}-{language}")
    face, other = tmp_path / "me.jpg", tmp_path / "not.png"
    face.write_bytes(a_drawing("JPEG", (600, 800)))
    other.write_text("no picture")

    def put(file: Path) -> None:
        page.locator("#picture-anna").set_input_files(file)
        page.locator("form:has(#picture-anna) button").click()

    put(other)
    page.locator("#picture-anna-error").wait_for()
    eyes.look("refused")
    put(face)
    page.locator("main .notice").wait_for()
    expect(page.locator("main img.face")).to_have_count(1)
    eyes.look("put")

    patient = visit()
    patient.page.goto(f"/{at_desk.clinic.key}?type=visit&been=no")
    patient.wait_for("img.face")
    seen = (
        "() => [...document.querySelectorAll('img.face')].every((each) => each.complete && each.naturalWidth === 144)"
    )
    patient.page.wait_for_function(seen)

    page.locator("form[action$='/anna/remove'] button").click()
    expect(page.locator("main img.face")).to_have_count(0)
    assert eyes.faults == {}

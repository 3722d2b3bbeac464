"""What looks at every page sees what it is for: a check that finds nothing anywhere would be worth nothing."""

from playwright.sync_api import Browser

from tests.browser.accessibility import grave_faults

SOUND = '<!doctype html><html lang="en"><title>T</title><main><h1>A page</h1>{}</main>'
BAD_IN_DARK = "<style>@media (prefers-color-scheme: dark) { p { color: #777; background: #888 } }</style>"


def found_in(browser: Browser, content: str) -> list[str]:
    """Return the rules that a page with this content breaks, those in the dark with `dark: `."""
    page = browser.new_page()
    page.set_content(SOUND.format(content))
    found = [fault.partition(" (")[0] for fault in grave_faults(page)]
    page.close()
    return found


def test_grave_faults_are_found_in_light_and_in_dark(browser: Browser) -> None:
    assert found_in(browser, "<p>All is well.</p>") == []
    assert found_in(browser, '<img src="/a.png">') == ["image-alt"]
    assert found_in(browser, "<input name=mobile>") == ["label"]
    assert found_in(browser, f"{BAD_IN_DARK}<p>Hard to read at night.</p>") == ["dark: color-contrast"]
    assert found_in(browser, '<p style="color: #aaa; background: #bbb">Hard to read.</p>') == [
        "color-contrast",
        "dark: color-contrast",
    ]

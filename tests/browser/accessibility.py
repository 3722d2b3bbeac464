"""What axe-core finds wrong with a page for people who cannot see, hear, point or read well."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import CDPSession, Page

from tests.system.installation import wait_until

GRAVE = ("serious", "critical")
SLOW_MACHINE = 120.0  # seconds
WIDE = 1000
"""From so many CSS pixels on, pages are looked at in dark, too: telephones show the same colours."""

_ALL_RULES = """{
  resultTypes: ["violations"],
  rules: Object.fromEntries(
    axe._audit.rules.filter(({impact}) => ["minor", "moderate"].includes(impact)).map(({id}) => [id, {enabled: false}])
  ),
}"""
"""All whose faults are grave, as axe's options in JavaScript: a rule's impact is that of all that it finds."""

_COLOURS = """{
  resultTypes: ["violations"],
  runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]},
}"""
"""All that another colour scheme can change: texts and targets stay where they are."""


def grave_faults(page: Page) -> list[str]:
    """Return the grave faults of the page, in light and on wide windows in dark too, each with where it is and why.

    axe runs in a world of its own beside the page's scripts, so that the page's Content-Security-Policy stays as it is.
    """
    page.wait_for_load_state()
    session = page.context.new_cdp_session(page)
    try:
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})["executionContextId"]
        _evaluate(session, world, _script())
        page.emulate_media(color_scheme="light", reduced_motion="reduce")  # colours change at once
        light = _grave(_run(session, world, _ALL_RULES))
        if _width(page) < WIDE:
            return light
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        return [*light, *(f"dark: {fault}" for fault in _grave(_run(session, world, _COLOURS)))]
    finally:
        page.emulate_media(color_scheme="light")
        session.detach()


def _run(session: CDPSession, world: int, options: str) -> list[dict[str, Any]]:
    """Return what axe finds. It is not awaited in the page, where it would never end if scripts are switched off."""
    _evaluate(session, world, "globalThis.found = null")
    asked = f"axe.run(document, {options})"
    _evaluate(
        session, world, f"void {asked}.then(({{violations}}) => found = violations, (why) => found = String(why))"
    )
    wait_until(lambda: _evaluate(session, world, "found !== null"), "axe's answer; it needs scripts", SLOW_MACHINE)
    violations = _evaluate(session, world, "found")
    assert isinstance(violations, list), violations
    return violations


def _evaluate(session: CDPSession, world: int, expression: str) -> Any:
    asked = {"expression": expression, "contextId": world, "returnByValue": True}
    answer: dict[str, Any] = session.send("Runtime.evaluate", asked)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


def _width(page: Page) -> int:
    size = page.viewport_size
    return size["width"] if size else WIDE


@cache
def _script() -> str:
    """Return axe as a script whose own value is nothing, for values travel back as JSON."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text() + "\n;undefined"


def _grave(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['failureSummary']}"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]

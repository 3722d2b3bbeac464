"""The forms of the set-up as a browser fills them in and sends them."""

from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.builders.gateway.console import Browser
from tests.builders.gateway.sent_forms import Sent, sent_by

SET_UP = "/staff/solna/set-up"


def send(browser: Browser, path: str, sent: Sent, do: str = "check", **typed: str | list[str]) -> TestResponse:
    """Send a form with some fields typed over; `__` in their names is a dot."""
    over = {name.replace("__", "."): [text] if isinstance(text, str) else text for name, text in typed.items()}
    fields = MultiDict([(name, text) for name, texts in {**sent, **over, "do": [do]}.items() for text in texts])
    return browser.post(f"{SET_UP}{path}", fields)


def typed(browser: Browser, path: str, do: str = "check", **typed: str | list[str]) -> TestResponse:
    """Load a form and send it with some fields typed over."""
    return send(browser, path, sent_by(browser.get(f"{SET_UP}{path}").text), do, **typed)


def checked_document(browser: Browser) -> dict[str, Any]:
    """Return the document that was last asked about."""
    calls = [each for each in browser.world.availability.calls if each.name == "check_document"]
    document: dict[str, Any] = calls[-1].fields["document"]
    return document


def applied(browser: Browser) -> list[dict[str, Any]]:
    """Return what was put into force, and on which revision."""
    return [each.fields for each in browser.world.availability.calls if each.name == "apply_document"]

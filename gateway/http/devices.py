"""On what somebody has logged in, in two words that they recognise it by; nothing else of it is kept (C4)."""

from typing import NamedTuple

_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi", "Vivaldi"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
"""What is found in a User-Agent, the one that others name beside themselves last, and what people call it."""


class Device(NamedTuple):
    """A browser and the system that it runs on, each "" where it is none that is known; a program has neither."""

    browser: str = ""
    system: str = ""


def device_of(user_agent: str) -> Device:
    """Return what a User-Agent header says of a device."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in known if sign in text), "")

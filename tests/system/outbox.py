"""The outbox of an installation without providers, as somebody at its machine reads it in the browser."""

import re
from html import unescape

import requests


def codes_to(url: str, mobile: str) -> list[str]:
    """Return the codes that went to a mobile, newest first, as somebody at the machine reads them in the outbox."""
    listed = re.findall(r'<a class="choice" href="(/outbox/\w+)">(.*?)</a>', outbox(url, "/outbox"), re.DOTALL)
    texts = [outbox(url, path) for path, row in listed if mobile in row]
    bubbles = [re.search(r'<div class="bubble"[^>]*>(.*?)</div>', text, re.DOTALL) for text in texts]
    found = [re.search(r"\b[0-9]{6}(?:[0-9]{3}){0,2}\b", unescape(bubble[1])) for bubble in bubbles if bubble]
    return [each[0] for each in found if each]


def outbox(url: str, path: str) -> str:
    """Return a page of the outbox."""
    answer = requests.get(f"{url}{path}", timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.text

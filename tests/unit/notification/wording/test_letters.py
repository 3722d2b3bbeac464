"""How emails look: in the colours of the pages, by light and in the dark."""

import re
from pathlib import Path

import pytest

from services.notification.wording.compose import compose
from shared.clinic.message_keys import BOOKED
from tests.builders.notification.addressees import PATIENT_EMAIL
from tests.builders.notification.messages import LINKS, NOW, a_clinic, an_appointment

TOKENS = Path(__file__).parents[4] / "gateway/views/static/tokens.css"
DARK = "@media (prefers-color-scheme: dark)"
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
OWN_TEXT = {"booked": {"email": {"text": {"en": "See https://solna.example"}}}}


def colours_of_pages() -> tuple[set[str], set[str]]:
    """Return the colours of the pages by light, and in the dark."""
    light, _, dark = TOKENS.read_text().partition(DARK)
    return {*COLOUR.findall(light)}, {*COLOUR.findall(dark)}


@pytest.mark.parametrize("messages", [{}, OWN_TEXT], ids=["built in", "the clinic's own text"])
def test_an_email_has_the_colours_of_the_pages_by_light_and_in_the_dark(messages: dict[str, object]) -> None:
    html = compose(an_appointment(), BOOKED, PATIENT_EMAIL, a_clinic(messages=messages), LINKS, NOW).html or ""
    before, _, rest = html.partition(DARK)
    dark, _, body = rest.partition("</style>")
    light, by_night = colours_of_pages()
    assert len(light) > 10
    assert {*COLOUR.findall(before + body)} <= light
    assert {*COLOUR.findall(dark)} <= by_night
    assert 'name="color-scheme" content="light dark"' in before


def test_whatever_has_a_colour_of_its_own_by_light_has_one_in_the_dark() -> None:
    html = compose(an_appointment(), BOOKED, PATIENT_EMAIL, a_clinic(), LINKS, NOW).html or ""
    dark = html.partition(DARK)[2].partition("</style>")[0]
    coloured = re.findall(r'<(\w+)([^>]*style="[^"]*#[0-9a-f]{6}[^"]*")', html)
    assert len(coloured) > 4
    for tag, rest in coloured:
        named = re.search(r'class="([\w ]+)"', rest)
        assert named, f"{tag} keeps its colour in the dark"
        assert all(f".{each}" in dark for each in named[1].split()), named[1]

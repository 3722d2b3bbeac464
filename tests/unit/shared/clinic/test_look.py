"""The shades of a clinic's colour can be read, on light ground and on dark (PRODUCT B21)."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinic.look import (
    DARK_GROUNDS,
    LEAST_CONTRAST,
    LIGHT_GROUNDS,
    contrast,
    is_readable,
    look_of,
    readable_like,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS = (Path(__file__).parents[4] / "gateway/views/static/tokens.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part))
    for part in TOKENS.split("@media (prefers-color-scheme: dark)")
)


def test_the_grounds_are_those_of_our_pages() -> None:
    assert (LIGHT["paper"], LIGHT["card"]) == LIGHT_GROUNDS
    assert (DARK["paper"], DARK["card"]) == DARK_GROUNDS


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000", "#fff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48)]
)
def test_contrasts_are_those_of_wcag(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == round(contrast(other, one), 2) == ratio


@given(COLOURS)
def test_b21_whatever_colour_a_clinic_has_its_shades_can_be_read(colour: str) -> None:
    """WCAG 2.2 AA, 1.4.3: on both grounds, on their own soft shade, as buttons with their texts."""
    look = look_of(readable_like(colour))
    for shades, grounds, tokens in ((look.light, LIGHT_GROUNDS, LIGHT), (look.dark, DARK_GROUNDS, DARK)):
        for text in (shades["accent"], shades["accent-strong"]):
            for ground in (*grounds, shades["accent-soft"], shades["on-accent"]):
                assert contrast(text, ground) >= LEAST_CONTRAST
        for text in (tokens["ink"], tokens["quiet"]):
            assert contrast(text, shades["accent-soft"]) >= LEAST_CONTRAST


@given(COLOURS)
def test_b21_a_colour_is_taken_as_it_is_where_it_can_be_read_and_else_a_darker_one_is_named(colour: str) -> None:
    alike = readable_like(colour)
    assert is_readable(alike)
    if is_readable(colour):
        assert alike == look_of(colour).light["accent"] == colour
    else:
        assert contrast(alike, "#ffffff") > contrast(colour, "#ffffff")


def test_b21_three_digits_are_a_colour_too() -> None:
    assert look_of("#066").light["accent"] == "#006666"

"""The shades of a clinic's colour can be read, on light ground and on dark (PRODUCT B21)."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clinic.look import (
    BLOCK_SHARE,
    DARK_GROUNDS,
    INK,
    LEAST_CONTRAST,
    LIGHT_GROUNDS,
    contrast,
    is_readable,
    look_of,
    readable_ground,
    readable_like,
)

DARK_SHARE = 0.24
"""How much of a block's colour there is in its ground on dark pages."""
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


def mixed(ground: str, colour: str, share: float) -> str:
    """Return what `color-mix(in srgb, …)` makes of a ground with a share of a colour."""
    pairs = [(int(ground[at : at + 2], 16), int(colour[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def test_blocks_are_drawn_as_it_is_reckoned_here() -> None:
    """S2: the shares of the sheets, and the ink of the tokens."""
    static = Path(__file__).parents[4] / "gateway/console/static"
    assert LIGHT["ink"] == INK
    for sheet in ("calendar.css", "week.css"):
        shares = re.findall(r"--much: (\d+)%", (static / sheet).read_text())
        assert shares == [f"{BLOCK_SHARE:.0%}".rstrip("%"), f"{DARK_SHARE:.0%}".rstrip("%")], sheet


@given(COLOURS)
def test_whatever_colour_a_kind_of_block_has_its_texts_can_be_read(colour: str) -> None:
    """S2, WCAG 1.4.3: on light and on dark ground, on cards and on paper."""
    shown = readable_ground(colour)
    assert readable_ground(shown) == shown
    for share, grounds, ink in ((BLOCK_SHARE, LIGHT_GROUNDS, INK), (DARK_SHARE, DARK_GROUNDS, DARK["ink"])):
        assert all(contrast(ink, mixed(ground, shown, share)) >= LEAST_CONTRAST for ground in grounds)


def test_a_colour_on_which_texts_can_be_read_stays_as_it_is() -> None:
    assert readable_ground("#dff0e6") == "#dff0e6"
    assert readable_ground("#000000") != "#000000"

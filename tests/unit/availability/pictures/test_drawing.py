"""Pictures are drawn anew: small, upright, with nothing but what is seen (PRODUCT B21)."""

import pytest
from PIL import Image

from services.availability.pictures import drawing
from services.availability.pictures.drawing import BYTES_AT_MOST, HEIGHT, WIDTH, Unfit, drawn
from tests.builders.pictures import a_drawing, opened, saved

_ORIENTATION, _MAKER, _PLACE = 0x0112, 0x010F, 0x8825


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a camera notes beside a picture."""
    noted = Image.Exif()
    noted[_ORIENTATION] = orientation
    noted[_MAKER] = "Secretive Cameras"
    noted.get_ifd(_PLACE)[1] = "N"
    return noted


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_b21_a_picture_is_kept_as_webp_within_its_bounds_and_in_its_proportions(kind: str) -> None:
    wide, high = drawn(a_drawing(kind, (1200, 300))), drawn(a_drawing(kind, (600, 800)))
    assert (wide.width, wide.height) == (WIDTH, 120)
    assert (high.width, high.height) == (144, HEIGHT)
    for each in (wide, high):
        kept = opened(each.body)
        assert (kept.format, kept.size) == ("WEBP", (each.width, each.height))


def test_b21_a_small_picture_is_not_blown_up() -> None:
    assert drawn(a_drawing(size=(40, 30)))[1:] == (40, 30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_b21_nothing_but_what_is_seen_is_kept(kind: str) -> None:
    sent = a_drawing(kind, exif=exif(), icc_profile=b"a profile of 40 signs, or some such thing", xmp=b"<x>xmp</x>")
    assert b"Secretive" in sent
    kept = opened(drawn(sent).body)
    assert not kept.getexif()
    assert {*kept.info} & {"exif", "icc_profile", "xmp"} == set()
    assert b"Secretive" not in drawn(sent).body


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "at"), [(1, (0.2, 0.25)), (3, (0.8, 0.75)), (6, (0.75, 0.2)), (8, (0.25, 0.8))]
)
def test_b21_what_was_taken_on_its_side_stands_upright(kind: str, orientation: int, at: tuple[float, float]) -> None:
    kept = opened(drawn(a_drawing(kind, (600, 300), exif=exif(orientation))).body).convert("RGB")
    lies = orientation == 6 or orientation == 8
    assert kept.size == ((96, 192) if lies else (384, 192))
    red, green, blue = kept.getpixel((int(kept.width * at[0]), int(kept.height * at[1])))  # the disc's middle
    assert red < 60 < green
    assert green - 20 < blue


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "I;16"])
def test_b21_whatever_colours_a_file_has_it_is_shown(mode: str) -> None:
    assert drawn(saved(Image.new(mode, (300, 100)), "PNG"))[1:] == (300, 100)


def test_b21_colours_of_printing_are_shown_and_what_is_transparent_stays_so() -> None:
    assert opened(drawn(saved(Image.new("CMYK", (300, 100)), "JPEG")).body).mode == "RGB"
    kept = opened(drawn(saved(Image.new("RGBA", (300, 100), (0, 0, 0, 0)), "PNG")).body)
    assert kept.convert("RGBA").getpixel((1, 1))[3] == 0


def test_b21_a_drawing_is_kept_without_loss_since_that_is_smaller() -> None:
    kept = opened(drawn(a_drawing(size=(300, 150))).body).convert("RGB")
    assert kept.getpixel((60, 37)) == (0, 128, 128)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"no picture at all",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a",
        a_drawing("GIF"),
        a_drawing("BMP"),
        a_drawing("TIFF"),
        a_drawing("PDF"),
    ],
)
def test_b21_what_is_of_another_kind_is_refused(sent: bytes) -> None:
    with pytest.raises(Unfit, match="PNG, JPEG or WebP"):
        drawn(sent)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_b21_what_was_cut_short_is_refused(kind: str, share: float) -> None:
    sent = saved(Image.effect_noise((400, 300), 80).convert("RGB"), kind)
    with pytest.raises(Unfit, match="cut short"):
        drawn(sent[: int(len(sent) * share)])


@pytest.mark.parametrize(("width", "height"), [(5001, 4000), (10_000, 9_500), (30_000, 30_000)])
def test_b21_a_wall_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch, width: int, height: int) -> None:
    """A few kilobytes that claim millions of pixels (a decompression bomb)."""
    sent = saved(Image.new("1", (width, height)), "PNG")
    assert len(sent) < BYTES_AT_MOST
    monkeypatch.setattr(drawing, "_small", _must_not_be_asked)
    with pytest.raises(Unfit, match="20 million pixels"):
        drawn(sent)


def _must_not_be_asked(_image: Image.Image) -> Image.Image:
    raise AssertionError("it was unpacked")


def test_b21_a_large_file_is_refused_unread() -> None:
    with pytest.raises(Unfit, match="2 MB"):
        drawn(a_drawing() + bytes(BYTES_AT_MOST))


def test_b21_twenty_million_pixels_are_not_too_many() -> None:
    assert drawn(saved(Image.new("1", (5000, 4000)), "PNG"))[1:] == (240, 192)

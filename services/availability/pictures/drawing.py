"""A picture as it is kept: drawn anew from what was sent, small, upright, and with nothing but what is seen (B21).

Where, when and with what camera it was taken stays behind with all else that a file can hold. What a file says of its
size is looked at before any of it is unpacked, since few bytes can claim a wall.
"""

import hashlib
import io
import struct
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

BYTES_AT_MOST = 2 * 1024 * 1024
PIXELS_AT_MOST = 20_000_000
WIDTH, HEIGHT = 480, 192
"""What a kept picture fits into, in pixels: twice what pages show, for sharp screens."""

_FORMATS = ("PNG", "JPEG", "WEBP")
_QUALITY, _EFFORT = 82, 60
"""Of photographs, how much of them stays; of drawings, how long it is tried to make them smaller: 30 ms, and no more.
"""
_LYING = frozenset({5, 6, 7, 8})
"""Orientations (EXIF) of pictures that lie on their side."""

_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)
"""What the library raises for files that are cut short or do not hold what they say."""

_TOO_LARGE = "The picture is larger than 2 MB. Choose a smaller one."
_TOO_MANY_PIXELS = "The picture has more than 20 million pixels. Choose a smaller one."
_NO_PICTURE = "This file is not a picture that can be shown. Choose a PNG, JPEG or WebP file."
_CUT_SHORT = "The picture is broken or cut short. Save it again, then choose it once more."


class Drawn(NamedTuple):
    """A picture as WebP, and its size in pixels."""

    body: bytes
    width: int
    height: int

    @property
    def hash(self) -> str:
        """What tells it from others."""
        return hashlib.sha256(self.body).hexdigest()[:16]


class Unfit(ValueError):
    """A file that is no picture to be kept; its text says what to send instead."""


def drawn(sent: bytes) -> Drawn:
    """Return the picture that a file shows; raise Unfit.

    Takes up to half a second and some 200 MB, so it is no work for an event loop.
    """
    if len(sent) > BYTES_AT_MOST:
        raise Unfit(_TOO_LARGE)
    try:
        with Image.open(io.BytesIO(sent), formats=_FORMATS) as image:
            _require_moderate(image.width * image.height)
            return _written(_small(image))
    except Unfit:
        raise
    except UnidentifiedImageError as unknown:
        raise Unfit(_NO_PICTURE) from unknown
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as wall:
        raise Unfit(_TOO_MANY_PIXELS) from wall
    except _BROKEN as broken:
        raise Unfit(_CUT_SHORT) from broken


def _require_moderate(pixels: int) -> None:
    if not 0 < pixels <= PIXELS_AT_MOST:
        raise Unfit(_TOO_MANY_PIXELS)


def _small(image: Image.Image) -> Image.Image:
    """Return the picture upright, within what is kept, in plain colours."""
    lies = image.getexif().get(0x0112) in _LYING
    if image.mode not in {"RGB", "L", "CMYK", "YCbCr"}:
        image = _with_transparency(image)
    image.thumbnail((HEIGHT, WIDTH) if lies else (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(image)
    plain = upright if upright.mode in {"RGB", "RGBA"} else upright.convert("RGB")
    plain.info = {}
    return plain


def _with_transparency(image: Image.Image) -> Image.Image:
    orientation = image.getexif()
    converted = image.convert("RGBA")
    converted.info["exif"] = orientation.tobytes()
    return converted


def _written(image: Image.Image) -> Drawn:
    """Return the smaller of what a drawing and what a photograph is best kept as."""
    forms = ({"lossless": True, "quality": _EFFORT}, {"lossless": False, "quality": _QUALITY})
    return Drawn(min((_as_webp(image, **form) for form in forms), key=len), image.width, image.height)


def _as_webp(image: Image.Image, **form: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "WEBP", method=4, **form)
    return written.getvalue()

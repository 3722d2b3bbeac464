"""Files that show something, and files that only say so."""

import io
from typing import Any

from PIL import Image, ImageDraw


def a_drawing(kind: str = "PNG", size: tuple[int, int] = (300, 200), colour: str = "teal", **options: Any) -> bytes:
    """Return a file of a kind (PNG, JPEG, WEBP, GIF …) with a disc in its upper half on the left."""
    image = Image.new("RGB", size, "white")
    width, height = size
    ImageDraw.Draw(image).ellipse((width * 0.1, height * 0.1, width * 0.3, height * 0.4), fill=colour)
    return saved(image, kind, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return an image as a file of a kind."""
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def opened(file: bytes) -> Image.Image:
    """Return what a file shows."""
    image = Image.open(io.BytesIO(file))
    image.load()
    return image

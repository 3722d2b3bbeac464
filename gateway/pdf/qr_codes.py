"""QR codes for screens."""

import io

import segno


def qr_svg(content: str) -> str:
    """Return a QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(content, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=False, light="white")
    return drawn.getvalue().decode()

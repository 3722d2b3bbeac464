"""QR codes for screens."""

import io

import segno


def qr_svg(content: str, *, fits: bool = False) -> str:
    """Return a QR code as SVG, of a size of its own or one that `fits` where it stands."""
    drawn = io.BytesIO()
    segno.make(content, error="m").save(
        drawn, kind="svg", scale=4, border=2, xmldecl=False, light="white", omitsize=fits
    )
    return drawn.getvalue().decode()

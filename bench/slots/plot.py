"""The figures of bench/slots/results.json as a plot, bench/slots/plot.svg."""

from html import escape
from pathlib import Path
from typing import Any

PLOT = Path(__file__).parent / "plot.svg"
_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 760, 22, 270, 100, 54
_COLOURS = {"bare": "#9aa5b1", "/healthz": "#616e7c", "warm": "#2f855a", "cold": "#2b6cb0"}


def drawing(results: dict[str, Any]) -> str:
    """Return the plot as SVG: one bar per line, its length the rate compared with /healthz in the same round."""
    lines = [line for line in results["lines"] if not line["what"].startswith("bare")]
    longest = max(1.0, *(line["share"] for line in lines))
    height = _TOP + _ROW * len(lines) + 16
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"',
        '     font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        '<text x="12" y="22" font-size="15">Searches over HTTP, rate compared with /healthz in the same round</text>',
        f'<text x="12" y="40" fill="#616e7c">{escape(results["date"])}, medians; requests/s at the right</text>',
    ]
    for index, line in enumerate(lines):
        top = _TOP + index * _ROW
        name = f"{line['what']} · {line['mode']}, {line['bookings']:,} bookings"
        colour = next(colour for what, colour in _COLOURS.items() if line["what"].startswith(what))
        width = max(1.0, line["share"] * scale)
        parts += [
            f'<text x="{_LEFT - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{_LEFT}" y="{top + 3}" width="{width:.1f}" height="{_ROW - 7}" fill="{colour}"/>',
            f'<text x="{_LEFT + width + 6:.1f}" y="{top + 14}">{100 * line["share"]:.0f} % · {line["rate"]:.0f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])

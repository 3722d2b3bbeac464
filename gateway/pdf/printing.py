"""Paper: texts that fit their place in any script, and QR codes, on pages measured in millimetres."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import segno
from fpdf import FPDF

from shared.texts.direction import Direction, first_direction

FONTS = Path(__file__).parent / "fonts"
QUIET_MODULES = 4
"""The light border around a QR code, without which scanners do not find it (ISO/IEC 18004)."""

_FAMILY = "dejavu"  # has Latin, Greek, Cyrillic, Arabic and Persian letters; the PDF holds only the signs that are used
_SMALLEST = 6.5  # points
_LINE = 1.3  # heights of the letters
_MM_PER_POINT = 25.4 / 72
_MEASURED_AT = 100.0  # points
_BOX = "\N{WHITE SQUARE}"
_BREAK = re.compile(r"[ \t\r\n]+")  # a no-break space is none


@dataclass(frozen=True)
class Ink:
    """How a text looks: points, weight, and grey (0 black … 255 white)."""

    points: float
    bold: bool = False
    grey: int = 0

    def scaled(self, scale: float) -> "Ink":
        """Return the same, larger or smaller."""
        return replace(self, points=self.points * scale)


class Paper:
    """A PDF of pages of `size`, width and height in mm."""

    def __init__(self, size: tuple[float, float], title: str, language: str) -> None:
        self._pdf = FPDF(unit="mm", format=size)
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._pdf.set_auto_page_break(False)
        self._pdf.c_margin = 0
        self._pdf.add_font(_FAMILY, "", FONTS / "DejaVuSans.ttf")
        self._pdf.add_font(_FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self._widths: dict[tuple[str, bool], float] = {}
        self._signs = {bold: frozenset(self._pdf.fonts[_FAMILY + "B" * bold].cmap) for bold in (False, True)}

    def add_page(self) -> None:
        """Go on with a new page."""
        self._pdf.add_page()

    def finished(self) -> bytes:
        """Return the PDF; nothing can be drawn after that."""
        return bytes(self._pdf.output())

    def line(self, start: tuple[float, float], end: tuple[float, float], grey: int) -> None:
        """Draw a thin line."""
        self._pdf.set_draw_color(grey)
        self._pdf.set_line_width(0.2)
        self._pdf.line(*start, *end)

    def with_known_signs(self, text: str, ink: Ink) -> str:
        """Return a text whose signs the font has: a box stands for a letter that it lacks, nothing for a mark.

        The PDF library would leave letters out, and write them, which may be a patient's name, into the log.
        """
        known = self._signs[ink.bold]
        return "".join(sign if ord(sign) in known or sign == " " else _instead_of(sign) for sign in text)

    def width(self, text: str, ink: Ink, points: float) -> float:
        """Return how wide a text is, in mm; each text is shaped only once, for it grows with the points."""
        key = (text, ink.bold)
        if key not in self._widths:
            self._prepare(text, ink, _MEASURED_AT, "ltr")
            self._widths[key] = self._pdf.get_string_width(text)
        return self._widths[key] * points / _MEASURED_AT

    def write(
        self, text: str, ink: Ink, points: float, place: tuple[float, float, float], own: Direction, at_right: bool
    ) -> None:
        """Write one line at `place` (left, top, width), running in its `own` direction."""
        left, top, width = place
        self._prepare(text, ink, points, own)
        self._pdf.set_xy(left, top)
        self._pdf.cell(width, line_height(points), text, align="R" if at_right else "L")

    def qr_code(self, content: str, left: float, top: float, side: float) -> None:
        """Draw a QR code (error correction M) with its quiet border into a square of `side` mm."""
        code = segno.make_qr(content, error="m", boost_error=False)
        module = side / (len(code.matrix) + 2 * QUIET_MODULES)
        self._pdf.set_fill_color(0)
        for row, modules in enumerate(code.matrix, start=QUIET_MODULES):
            for start, length in _dark_runs(modules):
                at = left + (QUIET_MODULES + start) * module
                self._pdf.rect(at, top + row * module, length * module, module, style="F")

    def _prepare(self, text: str, ink: Ink, points: float, direction: Direction) -> None:
        self._pdf.set_font(_FAMILY, "B" if ink.bold else "", points)
        self._pdf.set_text_color(ink.grey)
        self._pdf.set_text_shaping(use_shaping_engine=True, direction=direction)


@dataclass
class Column:
    """A place of `width` mm at (`left`, `top`), filled from above; in `rtl` its lines start at the right edge.

    One that is not `drawn` only tells by its `top` how far the texts would reach.
    """

    paper: Paper
    left: float
    top: float
    width: float
    direction: Direction = "ltr"
    drawn: bool = True

    def text(
        self, text: str, ink: Ink, *, most_lines: int = 1, after: float = 0.0, own: Direction | None = None
    ) -> None:
        """Write a text and go on `after` mm below it.

        It is made smaller until it takes no more than `most_lines`, and cut with an ellipsis where nothing else helps.
        It runs in its own direction, by its first letter, unless `own` says another.
        """
        running = own or first_direction(text) or self.direction
        lines, points = self._fitted(self.paper.with_known_signs(text, ink), ink, most_lines)
        for line in lines:
            if self.drawn:
                place = (self.left, self.top, self.width)
                self.paper.write(line, ink, points, place, running, at_right=self.direction == "rtl")
            self.top += line_height(points)
        self.top += after

    def line(self, after: float) -> None:
        """Draw a thin line across, and go on `after` mm below it."""
        if self.drawn:
            self.paper.line((self.left, self.top), (self.left + self.width, self.top), grey=170)
        self.top += after

    def split(self, start: float, gap: float) -> tuple["Column", "Column"]:
        """Return two columns side by side from here: the first, `start` mm wide, where reading starts; and the rest."""
        rest = self.width - start - gap
        at_left, at_right = (start, rest) if self.direction == "ltr" else (rest, start)
        left = replace(self, width=at_left)
        right = replace(self, left=self.left + at_left + gap, width=at_right)
        return (left, right) if self.direction == "ltr" else (right, left)

    def _fitted(self, text: str, ink: Ink, most_lines: int) -> tuple[list[str], float]:
        points = max(ink.points, _SMALLEST)
        while True:
            lines = list(self._lines(text, ink, points))
            if len(lines) <= most_lines:
                return lines, points
            if points > _SMALLEST:
                points = max(_SMALLEST, points - 0.5)
            else:
                text = text[: len(text) * 9 // 10].rstrip(" …") + "…"

    def _lines(self, text: str, ink: Ink, points: float) -> Iterator[str]:
        """Yield the lines of a text, broken between its words, and inside a word only where it fits no line.

        What a no-break space joins is one word: an hour and its "à", a French sign and what it belongs to.
        """
        line = ""
        for word in filter(None, _BREAK.split(text)):
            longer = f"{line} {word}" if line else word
            if self._fits(longer, ink, points):
                line = longer
                continue
            if line:
                yield line
            *full, line = self._pieces(word, ink, points)
            yield from full
        if line:
            yield line

    def _pieces(self, word: str, ink: Ink, points: float) -> Iterator[str]:
        while not self._fits(word, ink, points) and len(word) > 1:
            length = max(1, int(len(word) * self.width / self.paper.width(word, ink, points)))
            while length > 1 and not self._fits(word[:length], ink, points):
                length -= 1
            yield word[:length]
            word = word[length:]
        yield word

    def _fits(self, text: str, ink: Ink, points: float) -> bool:
        return self.paper.width(text, ink, points) <= self.width


def line_height(points: float) -> float:
    """Return the distance from line to line in mm."""
    return points * _MM_PER_POINT * _LINE


def _instead_of(sign: str) -> str:
    return "" if unicodedata.category(sign) in {"Cf", "Mn", "Me"} else " " if sign.isspace() else _BOX


def _dark_runs(modules: bytearray) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules: one bar has no seams that a printer could show."""
    runs: list[tuple[int, int]] = []
    for position, dark in enumerate(modules):
        if not dark:
            continue
        if runs and sum(runs[-1]) == position:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((position, 1))
    return runs

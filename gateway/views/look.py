"""A clinic's look on its pages: its logo, its practitioners' faces, the style sheet with its colours (PRODUCT B21)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from shared.clinic.look import Shades, look_of
from shared.contracts.pictures import Picture

_KEPT = 256


@dataclass(frozen=True)
class PictureView:
    """A picture as pages show it: its address, and its size in pixels of the page, half of what it has."""

    address: str
    width: int
    height: int

    @classmethod
    def of(cls, clinic: str, picture: Picture | None) -> Self | None:
        """Return the view of a picture that there is."""
        if picture is None:
            return None
        return cls(picture.path(clinic), max(1, picture.width // 2), max(1, picture.height // 2))


@dataclass(frozen=True)
class Sheet:
    """A style sheet of a clinic's own."""

    text: str

    @property
    def hash(self) -> str:
        """What its address changes with."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def sheet_of(document: Mapping[str, Any]) -> Sheet | None:
    """Return the sheet with the shades of a clinic's colour, None where it has none of its own."""
    accent = (document.get("look") or {}).get("accent")
    return _sheet(accent) if accent else None


def sheet_address(clinic: str, document: Mapping[str, Any]) -> str | None:
    """Return where a clinic's pages load their sheet from, None where they have none."""
    sheet = sheet_of(document)
    return f"/{clinic}/look.css?v={sheet.hash}" if sheet else None


@lru_cache(_KEPT)
def _sheet(accent: str) -> Sheet:
    look = look_of(accent)
    return Sheet(f"{_rule(look.light)}\n@media (prefers-color-scheme: dark) {{ {_rule(look.dark)} }}\n")


def _rule(shades: Shades) -> str:
    return f":root {{ {' '.join(f'--{name}: {colour};' for name, colour in shades.items())} }}"

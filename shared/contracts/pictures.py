"""A clinic's pictures, its logo and its practitioners' faces, as everybody but their keeper knows them (PRODUCT B21).

Documents name them; what they hold lies with availability and is fetched by browsers alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

TYPE = "image/webp"
"""Whatever was sent, pictures are kept in this form."""


@dataclass(frozen=True)
class Picture:
    """A picture of one name: the hash of what it holds, and its size in pixels."""

    name: str
    hash: str
    width: int
    height: int

    @classmethod
    def read(cls, name: str, told: Mapping[str, Any]) -> Self:
        """Return the picture that availability's answer tells of."""
        return cls(name, told["hash"], told["width"], told["height"])

    def told(self) -> dict[str, Any]:
        """Return what availability's answers tell of it, beside its name."""
        return {"hash": self.hash, "width": self.width, "height": self.height}

    def path(self, clinic: str) -> str:
        """Return where browsers find it: the address changes with what it holds, so that they keep it."""
        return f"/{clinic}/pictures/{self.name}?v={self.hash}"


def pictures_of(answer: Mapping[str, Any]) -> dict[str, Picture]:
    """Return by name the pictures of a clinic; none of an answer of version 0.1.0, which keeps none."""
    return {name: Picture.read(name, told) for name, told in answer.get("pictures", {}).items()}

"""What gateways gather of visits and refusals (PRODUCT A2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Gathered:
    """What a gateway has gathered until a moment: rows by code (`""`: visits), type, practitioner, weekday, hour."""

    batch: str
    at: datetime
    rows: Sequence[dict[str, Any]]

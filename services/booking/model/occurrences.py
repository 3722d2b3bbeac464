"""What happens, as others are told of it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Occurrence:
    """An event before it is said who did it, when, and in the course of what.

    `type` and `data` are those of `shared.contracts.booking`; `version` grows by one with each event of the subject.
    """

    type: str
    clinic: str
    subject: str
    version: int
    data: Any

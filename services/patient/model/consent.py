"""Whose word a record's consent to messages is, and since when it stands (PRODUCT A3, B18a)."""

from dataclasses import dataclass
from datetime import datetime

PATIENT, IMPORT = "patient", "import"
"""Kinds of speakers beside those who act: who books for themselves, and a former system's file."""


@dataclass(frozen=True)
class Word:
    """Something that somebody said: when, and by whom.

    `kind`: patient | staff | tool | service, as events tell who acts, or import. `id` is the account's email, the
    tool's or service's name, of a file whoever took it over; None of patients.
    """

    at: datetime
    kind: str
    id: str | None = None

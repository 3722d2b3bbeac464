"""What of staff is found by keyed hashes (PRODUCT A3, ADR 59)."""

from shared.lookups import Lookup

LOOKUPS: tuple[Lookup, ...] = ()
KEPT = ("recovery_codes",)
"""The tables that hold hashes of which nothing else is kept: whose codes they are makes new ones."""

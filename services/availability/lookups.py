"""What of availability is found by keyed hashes (PRODUCT A3, ADR 59): repeated calls, which are known for a day."""

from shared.lookups import Lookup

LOOKUPS: tuple[Lookup, ...] = ()
KEPT: tuple[str, ...] = ()
"""The tables that hold hashes of which nothing else is kept."""

"""What of patient is found by keyed hashes (PRODUCT A3, ADR 59)."""

from collections.abc import Mapping
from typing import Any

from services.patient.model.patients import number_hash
from shared.lookups import Hashes, Lookup, Openers


def _number(row: Mapping[str, Any], openers: Openers) -> Hashes:
    number = openers.numbers.open(row["number_sealed"])
    return lambda key: [number_hash(key, row["clinic"], row["scheme"], number)]


LOOKUPS = (Lookup("patients", "number_hash", ("clinic", "scheme", "number_sealed"), _number),)
KEPT = ("imported",)
"""The tables that hold hashes of which nothing else is kept."""

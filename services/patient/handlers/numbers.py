"""Identity numbers as callers give them."""

from collections.abc import Mapping

from services.patient.handlers.desk import Keys
from shared.contracts.errors import InvalidNationalId
from shared.identity.numbers import check_number


def checked_number(identity: Mapping[str, str], *, test_numbers: bool = True) -> tuple[str, str]:
    """Return scheme and number in its canonical form; raise InvalidNationalId where the number breaks its rule.

    A number made for tests may always be asked after: only where records may get one does anybody have it.
    """
    scheme = identity["scheme"]
    try:
        return scheme, check_number(scheme, identity["number"], test_numbers=test_numbers)
    except ValueError as wrong:
        raise InvalidNationalId.because(str(wrong), errors={"identity.number": [str(wrong)]}) from None


def number_found_by(clinic: str, identity: Mapping[str, str] | None, keys: Keys) -> tuple[str, ...] | None:
    """Return the scheme and all hashes by which a clinic finds a number, None for none; raise InvalidNationalId."""
    if identity is None:
        return None
    scheme, canonical = checked_number(identity)
    return scheme, *keys.number_hashes(clinic, scheme, canonical)

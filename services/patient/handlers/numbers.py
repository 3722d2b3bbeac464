"""Identity numbers and telephone numbers as callers give them."""

from collections.abc import Mapping

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

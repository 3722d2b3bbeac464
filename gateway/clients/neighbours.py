"""Asking services of the version before, which serve beside this gateway during an upgrade."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts.errors import Invalid

_UNKNOWN = ("Unknown field.", "There is no such field.", "There is no such key;")
"""How what version 0.1.0 says of a field begins that it does not know: of schemas, of calls, of the clinic document."""


def asked_with(
    own: Mapping[str, Any], call: Callable[..., dict[str, Any]], /, *args: Any, **fields: Any
) -> dict[str, Any]:
    """Return what `call` answers to `fields` and to what this gateway adds of its `own`.

    A service that knows none of the latter is asked without. Raises what the call refuses, also of those fields where
    it knows them: a key that came with another body before must not become a call without one.
    """
    try:
        return call(*args, **fields, **own)
    except Invalid as refused:
        errors = refused.extra.get("errors", {})
        told = [str(text) for texts in errors.values() for text in texts]
        if not own or {*errors} != {*own} or not all(text.startswith(_UNKNOWN) for text in told):
            raise
    return call(*args, **fields)

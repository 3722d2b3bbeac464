"""Asking services of the version before, which serve beside this gateway during an upgrade."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts.errors import Invalid


def asked_with(
    own: Mapping[str, Any], call: Callable[..., dict[str, Any]], /, *args: Any, **fields: Any
) -> dict[str, Any]:
    """Return what `call` answers to `fields` and to what this gateway adds of its `own`.

    A service that knows none of the latter is asked without. Raises what the call refuses.
    """
    try:
        return call(*args, **fields, **own)
    except Invalid as refused:
        unknown = set(refused.extra.get("errors", {}))
        if not unknown or unknown != {*own}:
            raise
    return call(*args, **fields)

"""The fields of a method: which clinic a call names, and whether it gives all that are needed and no others."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.contracts.errors import Invalid

_CLINIC = "clinic"


class Fields:
    """The parameters of a service's method, read from its signature once."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._parameters = [*inspect.signature(method).parameters.values()][1:]
        self._signature = inspect.Signature(self._parameters)
        names = [parameter.name for parameter in self._parameters]
        self._clinic_at = names.index(_CLINIC) if _CLINIC in names else None

    def clinic(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> object:
        """Return the clinic that a call names, whatever came as one; None where it names none."""
        if self._clinic_at is None:
            return None
        return args[self._clinic_at] if self._clinic_at < len(args) else kwargs.get(_CLINIC)

    def require(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Refuse unknown and missing fields by name, as the service's own validation would: raise Invalid."""
        try:
            self._signature.bind(*args, **kwargs)
        except TypeError as mismatch:
            errors = self._wrong(len(args), kwargs)
            raise Invalid.because(f"The fields are not those of this call: {mismatch}.", errors=errors) from None

    def _wrong(self, positional: int, given: Mapping[str, Any]) -> dict[str, list[str]]:
        named = {p.name: p for p in self._parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        takes_any = any(p.kind is p.VAR_KEYWORD for p in self._parameters)
        unknown = {} if takes_any else {name: ["There is no such field."] for name in given if name not in named}
        by_position = list(named)[:positional]
        missing = {
            name: ["This field is required."]
            for name, parameter in named.items()
            if parameter.default is parameter.empty and name not in given and name not in by_position
        }
        return {**unknown, **missing}

"""What callers send, checked by a marshmallow schema inside the service that is called (CONTRACTS 2, `invalid`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from shared.contracts.errors import Invalid


def checked(schema: Schema, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `schema` reads from `fields`; fields that are null count as left out.

    Raises Invalid with `errors` by field, those inside others with dots: `patient.mobile`.
    """
    try:
        loaded: dict[str, Any] = schema.load(_without_nulls(fields))
    except ValidationError as wrong:
        raise Invalid.because("Some fields are wrong; see errors.", errors=dict(_flat(wrong.messages_dict))) from None
    return loaded


def _without_nulls(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: _without_nulls(part) for name, part in value.items() if part is not None}


def _flat(messages: Mapping[Any, Any], path: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, found in messages.items():
        here = path if name == "_schema" else f"{path}.{name}".lstrip(".")
        if isinstance(found, Mapping):
            yield from _flat(found, here)
        else:
            yield here, [str(text) for text in found]

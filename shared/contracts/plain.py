"""Frozen dataclasses as the plain JSON that travels, and back: the form of all that events hold.

A moment is ISO 8601 text, a date too; a tuple is a list, a dataclass an object. Whoever reads ignores fields that it
does not know, and takes a field's default where the sender, of an older version, does not have it yet.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, Self, TypeVar, Union, get_args, get_origin, get_type_hints

ValueT = TypeVar("ValueT")
ContractT = TypeVar("ContractT")
Reader = Callable[[Any], Any]
"""Makes a value from its plain form."""


@dataclass(frozen=True)
class Seals:
    """Marks a text as sealed (`shared.sealed`): `Annotated[str, Seals(BookingPerson)]` says what is inside."""

    inside: type


class Excerpt(Generic[ContractT]):
    """What one reader needs of a contract: a frozen dataclass of some of its fields, named and typed as there.

    `class Times(Excerpt[BookingState])` reads by `Times.read(event.data)`. A field that the contract got after its
    release has a default here, for what neighbours of an older version send.
    """

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Return these fields of `data`; raise TypeError where one without a default is missing."""
        return read(cls, data)


def read(kind: type[ValueT], data: Mapping[str, Any]) -> ValueT:
    """Return the dataclass `kind` from its plain form; raise TypeError where a field without a default is missing."""
    fields: Any = kind
    return kind(**{name: value_of(data[name]) for name, value_of in _readers(fields) if name in data})


def plain(value: Any) -> Any:
    """Return the plain form of a dataclass, or of what stands in one."""
    if dataclasses.is_dataclass(value):
        return {name: plain(each) for name, each in vars(value).items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value


@cache
def _readers(kind: Any) -> list[tuple[str, Reader]]:
    hints = get_type_hints(kind)
    return [(field.name, _reader(hints[field.name])) for field in dataclasses.fields(kind)]


def _reader(hint: Any) -> Reader:
    if get_origin(hint) in (Union, types.UnionType):
        of_value = _reader(next(each for each in get_args(hint) if each is not type(None)))
        return lambda value: None if value is None else of_value(value)
    if get_origin(hint) is tuple:
        of_each = _reader(get_args(hint)[0])
        return lambda values: tuple(map(of_each, values))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return lambda data: read(hint, data)
    return hint.fromisoformat if hint in (datetime, date) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value

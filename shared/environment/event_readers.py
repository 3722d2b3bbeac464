"""Who outside the house may read what is personal in events: with a key of their own, and how much of it (ADR 57)."""

import base64
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import get_type_hints

from shared.contracts import booking, notification, patient
from shared.contracts.plain import Seals

KEY_BYTES = 32
_MOST_KEYS = 2
_PARTS = 5
_ALL = "*"
_NEVER = {"code"}
"""What opens something and is no news of a person: a recall's code books in its patient's place."""
_NAME = re.compile(r"[a-z0-9_-]+")
_CLINIC = re.compile(r"[a-z0-9-]+")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_SHAPE = (
    "READER_KEYS must be written name:key:clinics:events:fields, comma separated; clinics, events and fields stand "
    "between +, and * is all."
)


@dataclass(frozen=True)
class EventReader:
    """A program that may read fields of the person in some events of some clinics, where None is all.

    `keys` are one, or two while it is replaced, of 32 bytes each.
    """

    keys: tuple[bytes, ...] = field(repr=False)
    clinics: frozenset[str] | None
    events: frozenset[str]
    fields: frozenset[str]

    def may_read(self, type: str, clinic: str) -> bool:
        """Tell whether it may read the person of an event of this type at this clinic."""
        return type in self.events and (self.clinics is None or clinic in self.clinics)


def readers_from(text: str) -> dict[str, EventReader]:
    """Read `name:key:clinics:events:fields`, comma separated; raise ValueError, which repeats no key, where it is not.

    A reader that is named again, with the same limits, has another key.
    """
    readers: dict[str, EventReader] = {}
    for name, reader in _readers(text):
        known = readers.get(name)
        if known is None:
            readers[name] = reader
        elif replace(known, keys=()) != replace(reader, keys=()):
            raise ValueError(f"READER_KEYS names the reader {name} twice, with different limits.")
        elif len(known.keys) == _MOST_KEYS:
            raise ValueError(f"READER_KEYS gives {name} more than {_MOST_KEYS} keys; take out the oldest.")
        else:
            readers[name] = replace(known, keys=(*known.keys, *reader.keys))
    keys = [key for reader in readers.values() for key in reader.keys]
    if len({*keys}) < len(keys):
        raise ValueError("READER_KEYS has a key twice; `frontdesk keys reader` makes one for each reader.")
    return readers


def personal_events() -> Mapping[str, frozenset[str]]:
    """Return the types of events that tell of patients by a sealed person, and which of its fields may be read.

    Accounts of a clinic's own people are nobody's to read.
    """
    told = {**booking.EVENTS, **patient.EVENTS, **notification.EVENTS}
    people = {type: _sealed_in(data) for type, data in told.items()}
    return {type: frozenset(each.name for each in fields(person)) - _NEVER for type, person in people.items() if person}


def _readers(text: str) -> Iterator[tuple[str, EventReader]]:
    for entry in filter(None, (entry.strip() for entry in text.split(","))):
        name, *parts = entry.split(":")
        if not _NAME.fullmatch(name) or len(parts) + 1 != _PARTS:
            raise ValueError(_SHAPE)
        key, clinics, events, wanted = parts
        types = _types(_some(events))
        yield name, EventReader((_key(name, key),), _clinics(_some(clinics)), types, _fields(_some(wanted), types))


def _some(text: str) -> frozenset[str] | None:
    return None if text == _ALL else frozenset(text.split("+"))


def _key(name: str, text: str) -> bytes:
    if not _KEY.fullmatch(text):
        raise ValueError(
            f"The key of {name} in READER_KEYS must be {KEY_BYTES} bytes as base64url; `frontdesk keys reader {name}` "
            "makes one."
        )
    return base64.urlsafe_b64decode(f"{text}=")


def _clinics(names: frozenset[str] | None) -> frozenset[str] | None:
    if names is not None and not all(map(_CLINIC.fullmatch, names)):
        raise ValueError(_SHAPE)
    return names


def _types(wanted: frozenset[str] | None) -> frozenset[str]:
    known = personal_events()
    if wanted is None:
        return frozenset(known)
    _require_known(wanted, known.keys(), "event with a patient's person")
    return wanted


def _fields(wanted: frozenset[str] | None, types: frozenset[str]) -> frozenset[str]:
    of_types = personal_events()
    known = frozenset().union(*(of_types[type] for type in types))
    if wanted is None:
        return known
    _require_known(wanted, known, "field that may be read in these events")
    return wanted


def _require_known(wanted: frozenset[str], known: Collection[str], what: str) -> None:
    if unknown := sorted(wanted.difference(known)):
        raise ValueError(f"READER_KEYS names {', '.join(unknown)}: no {what}. There is {', '.join(sorted(known))}.")


def _sealed_in(data: type) -> type | None:
    """Return what is sealed in an event's `person`; None where it has none."""
    marked = getattr(get_type_hints(data, include_extras=True).get("person"), "__metadata__", ())
    return next((mark.inside for mark in marked if isinstance(mark, Seals)), None)

"""Seals the person of an event once more for readers outside the house, as it is published (ADR 57)."""

import logging
from collections.abc import Mapping
from typing import Any

from shared.environment.event_readers import EventReader
from shared.sealed import KeyHolder, Sealer, Unsealable
from shared.settings import Settings

READERS = "readers"
"""The field of an event's body: by a reader's name the texts that its keys open."""

_log = logging.getLogger(__name__)


class Readers:
    """What those outside the house may read of events, each with its own key."""

    def __init__(self, readers: Mapping[str, EventReader], people: Sealer) -> None:
        """`people` opens the persons that services have sealed."""
        self._people = people
        self._readers = [(name, each, [KeyHolder(key) for key in each.keys]) for name, each in readers.items()]

    @classmethod
    def from_settings(cls, settings: Settings) -> "Readers":
        """Return the installation's."""
        return cls(settings.readers, Sealer(settings.event_keys))

    def completed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an event's body with what each reader may read of it; as it is where nobody may read anything.

        A person that no key opens here is told to no reader, with an alarm: it must not hold up what others wait for.
        """
        theirs = [each for each in self._readers if each[1].may_read(body["type"], body["clinic"])]
        sealed = body["data"].get("person") if theirs else None
        if sealed is None:
            return body
        try:
            person = self._people.open(sealed)
        except Unsealable as closed:
            names = ", ".join(name for name, *_ in theirs)
            _log.error("ALARM: the person of event %s is not told to %s: %s", body["id"], names, closed)
            return body
        return {**body, READERS: {name: _texts(body["id"], person, each, keys) for name, each, keys in theirs}}


def _texts(event: str, person: Mapping[str, Any], reader: EventReader, keys: list[KeyHolder]) -> list[str]:
    """Return what a reader may read, sealed for each of its keys, with the event's id: it proves nothing elsewhere."""
    shown = {name: value for name, value in person.items() if name in reader.fields}
    return [key.seal({"event": event, "person": shown}) for key in keys]

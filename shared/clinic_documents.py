"""A service's copy of the clinics' documents, never older than what availability last answered (DESIGN rule 11).

Availability announces a clinic's revision in Redis after its commit and before it answers; a copy that is older, or
absent, is fetched by RPC before anything is decided by it. Without Redis every look is a fetch: slower, not wrong.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import redis

from shared.contracts.errors import Unavailable
from shared.contracts.pictures import Picture, pictures_of

_log = logging.getLogger(__name__)

Read = TypeVar("Read")

_RAISE = """
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) > known then redis.call('SET', KEYS[1], ARGV[1]) end
"""
"""Announcements may overtake each other, so a revision only ever grows."""


@dataclass(frozen=True)
class ClinicDocument:
    """A clinic's whole set-up in normal form (all defaults filled in) and the revision it belongs to.

    `pictures` are those that it may name, as far as they are there.
    """

    revision: int
    document: dict[str, Any]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    _read: dict[Callable[[Any], Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def as_read(self, read: Callable[[dict[str, Any]], Read]) -> Read:
        """Return what `read` makes of the document, made once as long as this copy of it is in use."""
        if read not in self._read:
            self._read[read] = read(self.document)
        made: Read = self._read[read]
        return made


class Revisions:
    """The newest revision of each clinic, for every process to see."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def announce(self, clinic: str, revision: int) -> None:
        """Tell everybody that `revision` is in force; a failure is logged, and the revision's event repeats it."""
        try:
            self._raise(clinic, revision)
        except redis.RedisError:
            _log.exception("revision %s of %s could not be announced", revision, clinic)

    def repeat(self, clinic: str, revision: int) -> None:
        """Tell everybody once more that `revision` was in force; raise Unavailable where that cannot be told."""
        try:
            self._raise(clinic, revision)
        except redis.RedisError as away:
            raise Unavailable.because(f"Redis does not take the revision ({type(away).__name__}).") from away

    def _raise(self, clinic: str, revision: int) -> None:
        self._client.eval(_RAISE, 1, revision_key(clinic), str(revision))

    def current(self, clinic: str) -> int | None:
        """Return the announced revision, or None where it is not known."""
        try:
            found = self._client.get(revision_key(clinic))
        except redis.RedisError:
            _log.warning("Redis does not answer; documents are fetched anew")
            return None
        return int(found) if isinstance(found, str) else None


class ClinicDocuments:
    """Documents by clinic, kept in the process and refreshed by `fetch` when a newer revision is announced.

    `copies` are those that all of a process share.
    """

    def __init__(
        self,
        revisions: Revisions,
        fetch: Callable[[str], dict[str, Any]],
        copies: dict[str, ClinicDocument] | None = None,
    ) -> None:
        self._revisions = revisions
        self._fetch = fetch
        self._copies = {} if copies is None else copies

    def get(self, clinic: str) -> ClinicDocument:
        """Return the document in force; `fetch`'s refusals pass through (NotFound for an unknown clinic)."""
        copy = self._copies.get(clinic)
        announced = self._revisions.current(clinic)
        if copy is not None and announced == copy.revision:
            return copy
        answer = self._fetch(clinic)
        fresh = ClinicDocument(answer["revision"], answer["document"], pictures_of(answer))
        if copy == fresh:  # which keeps what was made of it
            fresh = copy
        self._copies[clinic] = fresh
        if announced is None or announced < fresh.revision:
            self._revisions.announce(clinic, fresh.revision)
        return fresh


def revision_key(clinic: str) -> str:
    """Return the key under which Redis holds a clinic's announced revision."""
    return f"frontdesk:revision:{clinic}"

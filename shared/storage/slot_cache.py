"""Searched days, ready to be sent: what availability worked out, for the gateway to answer without asking it again.

One entry per clinic, local date and question, in Redis. An entry counts only under the **stamp** that is in force:
the clinic's announced revision and the generation of its date. Whoever works a day out reads the generations first,
then the database, then keeps the result under what was read first: a change in between makes the entry void, so that
no race can bring a taken time back. Entries are short-lived, so that a change nobody heard of heals by itself.

Generations are random tokens, not counters: one that is forgotten and begun anew never repeats an old one.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import redis

from shared.clinic_documents import Revisions, revision_key
from shared.storage.redis_store import Reader

LIFE_SECONDS = 20.0
"""How long an entry counts at most: with the time of one search added, still less than 30 s (issue: a lost event)."""

CLAIM_SECONDS = 3.0
"""How long others leave a search to whoever claimed it; no RPC takes longer."""

_GENERATION_SECONDS = 3600
_KEEP = """
for number, key in ipairs(KEYS) do redis.call('SET', key, ARGV[2 * number - 1], 'PX', ARGV[2 * number]) end
"""
"""One command for a whole month: a command per date costs the client more than the search that it keeps."""

_log = logging.getLogger(__name__)


class Question(NamedTuple):
    """What was asked, apart from the dates; `kind` is `days` or `slots`, `practitioner` None for any.

    `as_new_patient` asks for those practitioners alone who take patients that the clinic does not know.
    """

    kind: str
    clinic: str
    type: str
    practitioner: str | None
    as_new_patient: bool = False


class Kept(NamedTuple):
    """What the cache holds of the asked dates, in their order: the stamps in force, and the entries under them."""

    stamps: tuple[bytes, ...]
    entries: list[bytes | None]


class Before(NamedTuple):
    """What was in force before a search: the announced revision (0 for none), and each date's generation."""

    revision: int
    generations: Mapping[str, bytes | None]


class SlotCache:
    """The entries. Where Redis does not answer nothing is known, and nothing is kept: slower, not wrong."""

    def __init__(self, client: redis.Redis, reader: Reader) -> None:
        """Write by `client` and read by `reader`; neither decodes."""
        self._client = client
        self._read = reader

    def look_up(self, question: Question, days: tuple[str, ...]) -> Kept | None:
        """Return what is known of the dates, in one round trip; None where Redis or the revision is out of reach."""
        count = len(days)
        try:
            found = self._read(_keys(question, days))
        except redis.RedisError as trouble:
            _log.warning("the slot cache cannot be read: %r", trouble)
            return None
        revision = found[0]
        if revision is None:
            return None
        stamps = tuple([_stamp(revision, generation) for generation in found[1 : count + 1]])
        entries = [
            entry[len(stamp) :] if entry is not None and entry.startswith(stamp) else None
            for stamp, entry in zip(stamps, found[count + 1 :], strict=True)
        ]
        return Kept(stamps, entries)

    def before(self, clinic: str, days: Sequence[str]) -> Before | None:
        """Return what is in force, to be read before the database is; None where Redis is out of reach."""
        try:
            revision, *generations = self._read((revision_key(clinic), *(_generation(clinic, day) for day in days)))
        except redis.RedisError as trouble:
            _log.warning("the slot cache cannot be read: %r", trouble)
            return None
        return Before(int(revision or 0), dict(zip(days, generations, strict=True)))

    def keep(
        self,
        question: Question,
        revision: int,
        before: Before,
        entries: Mapping[str, bytes],
        seconds: Callable[[str], float],
    ) -> None:
        """Keep the entries, by date, under what was in force before they were worked out from `revision`.

        `seconds(date)` says for how long an entry will be right if nothing happens. A revision that nobody has
        announced (Redis lost it, or was away) is announced here, since without it no entry counts.
        """
        if before.revision < revision:
            Revisions(self._client).announce(question.clinic, revision)
        keys: list[str] = []
        values: list[bytes | int] = []
        for key, (day, entry) in zip(_entries(question, entries), entries.items(), strict=True):
            life = int(1000 * min(seconds(day), LIFE_SECONDS))
            if life > 0:
                keys.append(key)
                values += [_stamp(b"%d" % revision, before.generations[day]) + entry, life]
        self._tell(lambda: self._client.eval(_KEEP, len(keys), *keys, *values))

    def drop(self, clinic: str, days: Iterable[str]) -> None:
        """Let nothing count any more that was worked out for these dates before now."""
        batch = self._client.pipeline(transaction=False)
        for day in sorted(days):
            batch.set(_generation(clinic, day), secrets.token_hex(8), ex=_GENERATION_SECONDS)
        self._tell(batch.execute)

    def claim(self, flight: str) -> bool:
        """Claim a search for this process; False where another has it. Without Redis everybody searches."""
        try:
            return bool(self._client.set(_claim(flight), b"1", nx=True, px=int(1000 * CLAIM_SECONDS)))
        except redis.RedisError:
            return True

    def release(self, flight: str) -> None:
        """Give a claim back."""
        try:
            self._client.delete(_claim(flight))
        except redis.RedisError as trouble:
            _log.warning("a claim runs out by itself: %r", trouble)

    def _tell(self, write: Callable[[], Any]) -> None:
        try:
            write()
        except redis.RedisError as trouble:
            _log.warning("the slot cache cannot be written: %r", trouble)


def entries_by_day(rows: Iterable[Mapping[str, Any]], days: Sequence[str]) -> dict[str, bytes]:
    """Return each date's part of the answer, as JSON without the brackets; empty for a date of which nothing is told.

    `rows` are the answer's: days have a `date`, slots the local date of their `start`; others' dates are left out.
    """
    found: dict[str, list[Mapping[str, Any]]] = {day: [] for day in days}
    for row in rows:
        day = row["date"] if "date" in row else row["start"][:10]
        if day in found:
            found[day].append(row)
    return {day: orjson.dumps(its)[1:-1] for day, its in found.items()}


def _stamp(revision: bytes, generation: bytes | None) -> bytes:
    return b"%b.%b|" % (revision, generation or b"")


def _generation(clinic: str, day: str) -> str:
    return f"frontdesk:slots:{clinic}:{day}"


@lru_cache(256)
def _keys(question: Question, days: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a look-up reads: the revision, the dates' generations, their entries."""
    generations = (_generation(question.clinic, day) for day in days)
    return (revision_key(question.clinic), *generations, *_entries(question, days))


def _entries(question: Question, days: Iterable[str]) -> list[str]:
    """Return the keys of entries. Keys of clinics, types and practitioners hold no colon, so none can be mistaken."""
    kind, clinic, type_key, practitioner, as_new_patient = question
    rest = f"{kind}:{type_key}:{practitioner or ''}{':new' if as_new_patient else ''}"
    return [f"frontdesk:slots:{clinic}:{day}:{rest}" for day in days]


def _claim(flight: str) -> str:
    return f"frontdesk:searching:{flight}"

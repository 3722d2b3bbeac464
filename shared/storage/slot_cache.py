"""Searched days, ready to be sent: what availability worked out, for the gateway to answer without asking it again.

One entry per clinic, local date and question, in Redis. An entry counts only under the **stamp** that is in force:
the clinic's announced revision and the generation of its date. Whoever works a day out reads the generations first,
then the database, then keeps the result under what was read first: a change in between makes the entry void, so that
no race can bring a taken time back. Entries are short-lived, so that a change nobody heard of heals by itself.

Whoever changes a day gives it a new generation, and may at the same moment put its entries anew under that one: those
that were asked for of late, worked out after the change. If anybody else has changed the day meanwhile, the generation
is not the one that was read before the database, and nothing is put under the new one.

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

LIFE_SECONDS = 20.0
"""How long an entry counts at most: with the time of one search added, still less than 30 s (ADR 7)."""

CLAIM_SECONDS = 3.0
"""How long others leave a search to whoever claimed it; no RPC takes longer."""

MOST_ASKED = 16
"""How many questions of one date are remembered as asked: the last ones."""

_GENERATION_SECONDS = 3600
_KEEP = f"""
local question, life = ARGV[1], ARGV[2]
for number = 1, #KEYS, 2 do
    redis.call('SET', KEYS[number], ARGV[number + 2], 'PX', ARGV[number + 3])
    local asked = KEYS[number + 1]
    redis.call('LREM', asked, 0, question)
    redis.call('LPUSH', asked, question)
    redis.call('LTRIM', asked, 0, {MOST_ASKED - 1})
    redis.call('PEXPIRE', asked, life)
end
"""
"""One command for a whole month: a command per date costs the client more than the search that it keeps."""

_DROP_UNASKED = """
local found = {}
for number = 1, #KEYS, 2 do
    local generation, asked = KEYS[number], {}
    for _, question in ipairs(redis.call('LRANGE', KEYS[number + 1], 0, -1)) do
        if redis.call('EXISTS', generation .. ':' .. question) == 1 then asked[#asked + 1] = question end
    end
    local date = (number + 1) / 2
    if #asked == 0 then
        redis.call('SET', generation, ARGV[date + 1], 'EX', ARGV[1])
    else
        table.insert(asked, 1, redis.call('GET', generation) or '')
    end
    found[date] = asked
end
return found
"""

_RENEW = """
local key, given = 1, 2
while KEYS[key] do
    local generation, entries = KEYS[key], tonumber(ARGV[given + 2])
    local is_alone = (redis.call('GET', generation) or '') == ARGV[given]
    redis.call('SET', generation, ARGV[given + 1], 'EX', ARGV[1])
    for number = 1, is_alone and entries or 0 do
        local entry, life = KEYS[key + number], tonumber(ARGV[given + 2 + 2 * number])
        local left = math.min(redis.call('PTTL', entry), life)
        if left > 0 then redis.call('SET', entry, ARGV[given + 1 + 2 * number], 'PX', left) end
    end
    key, given = key + 1 + entries, given + 3 + 2 * entries
end
"""
"""One step: who reads meanwhile finds all of the old or all of the new. What nobody asks for runs out as before."""

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


class Asked(NamedTuple):
    """What was asked of one date lately, the last question first, and the date's generation when that was read."""

    generation: bytes
    questions: tuple[Question, ...]


class Entry(NamedTuple):
    """What is answered to a question about one date, and for how many seconds that is right if nothing happens."""

    question: Question
    body: bytes
    seconds: float


class SlotCache:
    """The entries. Where Redis does not answer nothing is known, and nothing is kept: slower, not wrong."""

    def __init__(self, client: redis.Redis) -> None:
        """Keep them by a `client` that does not decode."""
        self._client = client

    def look_up(self, question: Question, days: tuple[str, ...]) -> Kept | None:
        """Return what is known of the dates, in one round trip; None where Redis or the revision is out of reach."""
        count = len(days)
        try:
            found: Any = self._client.mget(_keys(question, days))
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
            found: Any = self._client.mget([revision_key(clinic), *(_generation(clinic, day) for day in days)])
        except redis.RedisError as trouble:
            _log.warning("the slot cache cannot be read: %r", trouble)
            return None
        revision, *generations = found
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
        values: list[bytes | int | str] = [_text(question), int(1000 * LIFE_SECONDS)]
        for key, (day, entry) in zip(_entries(question, entries), entries.items(), strict=True):
            life = _milliseconds(seconds(day))
            if life > 0:
                keys += [key, _asked(question.clinic, day)]
                values += [_stamp(b"%d" % revision, before.generations[day]) + entry, life]
        self._tell(lambda: self._client.eval(_KEEP, len(keys), *keys, *values))

    def drop_unasked(self, clinic: str, days: Sequence[str]) -> dict[str, Asked]:
        """Let nothing count any more that was worked out before now, but for dates that were asked for of late.

        Those are returned, to be worked out anew from what the database holds from now on, and then to be renewed;
        until then they count as they were. Where Redis is out of reach there are none.
        """
        keys = [key for day in days for key in (_generation(clinic, day), _asked(clinic, day))]
        tokens = [secrets.token_hex(8) for _ in days]
        given = (str(_GENERATION_SECONDS), *tokens)
        found: Any = self._tell(lambda: self._client.eval(_DROP_UNASKED, len(keys), *keys, *given))
        return {
            day: Asked(asked[0], tuple(_question(clinic, text.decode()) for text in asked[1:]))
            for day, asked in zip(days, found or [], strict=bool(found))
            if asked
        }

    def renew(
        self, clinic: str, revision: int, asked: Mapping[str, Asked], entries: Mapping[str, Sequence[Entry]]
    ) -> None:
        """Let nothing count any more that was worked out for the `asked` dates, but for `entries` from `revision`.

        Those count no longer than what they replace did, so that what nobody asks for runs out; and not at all where
        somebody else has changed the date since it was `asked` for, since they may not know of that.
        """
        keys: list[str] = []
        given: list[bytes | int | str] = [_GENERATION_SECONDS]
        for day, (generation, _) in asked.items():
            token, its = secrets.token_hex(8).encode(), entries.get(day, ())
            stamp = _stamp(b"%d" % revision, token)
            keys += [_generation(clinic, day), *(key for each in its for key in _entries(each.question, [day]))]
            given += [generation, token, len(its)]
            for each in its:
                given += [stamp + each.body, _milliseconds(each.seconds)]
        self._tell(lambda: self._client.eval(_RENEW, len(keys), *keys, *given))

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

    def _tell(self, write: Callable[[], Any]) -> Any:
        try:
            return write()
        except redis.RedisError as trouble:
            _log.warning("the slot cache cannot be written: %r", trouble)
            return None


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


def _milliseconds(seconds: float) -> int:
    """Return for how long an entry counts that is right for so many seconds."""
    return int(1000 * min(seconds, LIFE_SECONDS))


def _generation(clinic: str, day: str) -> str:
    return f"frontdesk:slots:{clinic}:{day}"


def _asked(clinic: str, day: str) -> str:
    """Return the key under which Redis remembers what was asked of a date."""
    return f"frontdesk:searched:{clinic}:{day}"


@lru_cache(256)
def _keys(question: Question, days: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a look-up reads: the revision, the dates' generations, their entries."""
    generations = (_generation(question.clinic, day) for day in days)
    return (revision_key(question.clinic), *generations, *_entries(question, days))


def _entries(question: Question, days: Iterable[str]) -> list[str]:
    """Return the keys of entries: the generation's, and the question's text."""
    text = _text(question)
    return [f"{_generation(question.clinic, day)}:{text}" for day in days]


def _text(question: Question) -> str:
    """Return a question as part of keys. Keys of types and practitioners hold no colon, so none can be mistaken."""
    kind, _, type_key, practitioner, as_new_patient = question
    return f"{kind}:{type_key}:{practitioner or ''}{':new' if as_new_patient else ''}"


def _question(clinic: str, text: str) -> Question:
    kind, type_key, practitioner, *new = text.split(":")
    return Question(kind, clinic, type_key, practitioner or None, bool(new))


def _claim(flight: str) -> str:
    return f"frontdesk:searching:{flight}"

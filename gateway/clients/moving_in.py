"""Files of a former system that are being taken over, kept in Redis: sealed, and no longer than needed (C14).

Of each clinic and kind there is one: who comes back, or a colleague, finds it as it stood (ADR 49).
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, TypeVar

import orjson
import redis
from eventlet import tpool

from shared.contracts.errors import Unavailable
from shared.sealed import Sealer, Unsealable

LIFETIME_SECONDS = 24 * 60 * 60
"""From when it was last gone on with."""
_TURN_SECONDS = 60
"""How long one request may go on with it before another may."""
_GIVE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
"""Ends a turn, unless it was over and is somebody else's by now."""

Done = TypeVar("Done")


class KeptFile:
    """One clinic's file of one kind: its `state`, the file itself, its rows and what came of them, by batch.

    Raise Unavailable where Redis does not answer: nothing is taken over then.
    """

    def __init__(self, cache: redis.Redis, sealer: Sealer, clinic: str, kind: str) -> None:
        self._cache, self._sealer = cache, sealer
        self._key = f"frontdesk:moving-in:{clinic}:{kind}"

    def state(self) -> dict[str, Any] | None:
        """Return where it stands; None where there is none (any more)."""
        found: dict[str, Any] | None = self._get("state", "0")
        return found

    def is_still(self, mark: str) -> bool:
        """Tell whether it stands as it was marked: nobody has removed it or taken another way with it."""
        state = self.state()
        return state is not None and state["mark"] == mark

    def keep_state(self, state: Mapping[str, Any]) -> None:
        """Keep where it stands, and all of it for a day more."""
        self._put("state", "0", state)
        for part in ("file", "rows", "results"):
            self._asked(lambda part=part: self._cache.expire(self._of(part), LIFETIME_SECONDS))  # type: ignore[misc]

    def keep_file(self, content: bytes) -> None:
        """Keep the file, in the place of everything that there was."""
        self.discard()
        self._put("file", "0", b64encode(content).decode())

    def file(self) -> bytes | None:
        """Return the file; None where it is not needed any more."""
        found = self._get("file", "0")
        return None if found is None else b64decode(found)

    def keep_batch(self, round: int, batch: int, rows: Sequence[Any]) -> None:
        """Keep the rows of a batch; each `round` of what is left has batches of its own."""
        self._put("rows", f"{round}.{batch}", rows)

    def batch(self, round: int, batch: int) -> list[Any]:
        """Return the rows of a batch."""
        return self._get("rows", f"{round}.{batch}") or []

    def keep_results(self, round: int, batch: int, results: Sequence[Any]) -> None:
        """Keep what came of a batch."""
        self._put("results", f"{round}.{batch}", results)

    def results(self, round: int, batch: int) -> list[Any]:
        """Return what came of a batch."""
        return self._get("results", f"{round}.{batch}") or []

    def forget_all_but(self, round: int) -> None:
        """Remove the file itself, and the lines of other rounds."""
        self._asked(lambda: self._cache.delete(self._of("file")))
        for part in map(self._of, ("rows", "results")):
            names: Any = self._asked(lambda part=part: self._cache.hkeys(part))  # type: ignore[misc]
            for name in [each for each in names if not str(each).startswith(f"{round}.")]:
                self._asked(lambda part=part, name=name: self._cache.hdel(part, name))  # type: ignore[misc]

    def discard(self) -> None:
        """Remove all of it."""
        self._asked(lambda: self._cache.delete(*map(self._of, ("state", "file", "rows", "results"))))

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Let one request at a time go on with it: tell whether it is this one's turn."""
        whose = token_hex(8)
        is_ours = bool(self._asked(lambda: self._cache.set(self._of("turn"), whose, nx=True, ex=_TURN_SECONDS)))
        try:
            yield is_ours
        finally:
            if is_ours:
                self._asked(lambda: self._cache.eval(_GIVE_BACK, 1, self._of("turn"), whose))

    def _of(self, part: str) -> str:
        return f"{self._key}:{part}"

    def _put(self, part: str, name: str, value: Any) -> None:
        packed = b64encode(zlib.compress(orjson.dumps(value), 1)).decode()
        sealed = self._sealer.seal(packed)
        self._asked(lambda: self._cache.hset(self._of(part), name, sealed))
        self._asked(lambda: self._cache.expire(self._of(part), LIFETIME_SECONDS))

    def _get(self, part: str, name: str) -> Any:
        sealed = self._asked(lambda: self._cache.hget(self._of(part), name))
        if sealed is None:
            return None
        try:
            return orjson.loads(zlib.decompress(b64decode(self._sealer.open(str(sealed)))))
        except Unsealable:
            return None

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except redis.RedisError as away:
            raise Unavailable.because("What is being taken over cannot be kept just now. Try again shortly.") from away


def apart(read: Callable[[], Done]) -> Done:
    """Return what a long reading gives, read in a thread so that other requests need not wait."""
    done: Done = tpool.execute(read)
    return done

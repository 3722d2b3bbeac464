"""One-time codes by which a patient proves a mobile (PRODUCT B14)."""

import secrets
from collections.abc import Sequence
from typing import Any

import redis

from gateway.access.redis_needed import redis_needed
from shared.sealed import keyed_hash

LIFETIME_SECONDS = 10 * 60
TRIES = 20
"""Wrong ones that void a code: more than a network has (`OF_NUMBER_IN_NETWORK`), so that no stranger does it alone."""

DIGITS, LONG_DIGITS, LONGEST_DIGITS = 6, 9, 12
"""Of a code, of one where many have guessed, and of one where thousands have (`Guesses`)."""

_ISSUE = """
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'hash', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""

_USE = """
local hash = redis.call('HGET', KEYS[1], 'hash')
if not hash then return 0 end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
if hash == ARGV[1] then
    redis.call('DEL', KEYS[1])
    return 1
end
if tries >= tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
return 0
"""
"""One step, so that of two logins at the same moment only one finds the code."""


class LoginCodes:
    """Codes in Redis, one in force per clinic and mobile; code and mobile stand there as keyed hashes."""

    def __init__(self, cache: redis.Redis, lookup_keys: Sequence[str]) -> None:
        """Hash by the first of `lookup_keys`; what the others have hashed, while a key is replaced, is found too."""
        self._cache = cache
        self._lookup_keys = lookup_keys

    def issue(self, clinic: str, mobile: str, digits: int = DIGITS) -> str:
        """Return a new code of so many digits for `mobile` (E.164), good for ten minutes; the one before is void.

        Raises Unavailable where Redis does not answer.
        """
        code = f"{secrets.randbelow(10**digits):0{digits}}"
        with redis_needed("Login codes are"):
            newest, *others = self._lookup_keys
            kept = keyed_hash(newest, "login-code", clinic, mobile, code)
            self._cache.eval(_ISSUE, 1, _kept_at(newest, clinic, mobile), kept, str(LIFETIME_SECONDS))
            if others:
                self._cache.delete(*(_kept_at(key, clinic, mobile) for key in others))
        return code

    def use(self, clinic: str, mobile: str, code: str) -> bool:
        """Tell whether `code` is the one in force, which then is used up; the twentieth wrong try voids it as well.

        Raises Unavailable where Redis does not answer.
        """
        with redis_needed("Login codes are"):
            return any(self._use(key, clinic, mobile, code) for key in self._lookup_keys)

    def _use(self, key: str, clinic: str, mobile: str, code: str) -> bool:
        given = keyed_hash(key, "login-code", clinic, mobile, code)
        used: Any = self._cache.eval(_USE, 1, _kept_at(key, clinic, mobile), given, str(TRIES))
        return bool(used)


def _kept_at(key: str, clinic: str, mobile: str) -> str:
    return f"frontdesk:login-code:{keyed_hash(key, 'login-code-of', clinic, mobile)}"

"""How long a process waits for PostgreSQL, and how many connections it takes (DESIGN rule 5)."""

from collections.abc import Mapping
from dataclasses import dataclass

_LONGEST = 3600
_MOST_CONNECTIONS = 1000


@dataclass(frozen=True)
class Limits:
    """Seconds, each counted for itself, and the most connections of a process.

    What is waited for fits what callers wait: another's lock less than the five seconds of a booking's call, a
    statement less than the ten of a request (`gateway/http/bounds.py`). No transaction asks for anything else while it
    is open (DESIGN rule 6); the one that a process was frozen or cut off in ends by `idle`, and with it its locks.
    """

    connections: int = 30
    """More than a process has workers (`MAX_WORKERS`): relay and senders want some, too. They stay open."""
    connect: int = 3
    """For a new connection."""
    pool: int = 3
    """For a connection that another worker gives back."""
    lock: int = 4
    statement: int = 8
    idle: int = 15
    """For a transaction that asks nothing."""
    silence: int = 10
    """After which each side takes the other, or the way to it, for dead."""


_VARIABLES = {
    "connections": "DATABASE_POOL_SIZE",
    "connect": "DATABASE_CONNECT_TIMEOUT",
    "pool": "DATABASE_POOL_TIMEOUT",
    "lock": "DATABASE_LOCK_TIMEOUT",
    "statement": "DATABASE_STATEMENT_TIMEOUT",
    "idle": "DATABASE_IDLE_TIMEOUT",
    "silence": "DATABASE_SILENCE_TIMEOUT",
}


def limits_from(environ: Mapping[str, str]) -> Limits:
    """Return the limits that the environment sets; raise ValueError with one sentence for what is no number."""
    return Limits(
        **{
            field: _number(environ, name, _MOST_CONNECTIONS if field == "connections" else _LONGEST)
            for field, name in _VARIABLES.items()
            if environ.get(name)
        }
    )


def _number(environ: Mapping[str, str], name: str, high: int) -> int:
    text = environ[name]
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= high:
        raise ValueError(f"{name} must be a whole number from 1 to {high}, not {text!r}.")
    return int(text)

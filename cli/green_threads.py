"""Green threads for the processes that serve: whoever waits lets all others go on."""

import logging

import eventlet
from eventlet import patcher


def begin() -> None:
    """Patch the standard library; to be called before anything else is imported.

    What draws and hashes runs in real threads beside them, and shares two locks with them: of loggers, and of the words
    for dates. A patched lock that a thread gives back wakes nobody in another one, so that a page which waits for it
    would wait for ever. Both are held for moments in which nobody else gets a turn: real ones do for all.
    """
    eventlet.monkey_patch()
    from babel import localedata

    threading = patcher.original("threading")
    logging._lock = threading.RLock()  # type: ignore[attr-defined] # there is no other way to it
    localedata._cache_lock = threading.RLock()

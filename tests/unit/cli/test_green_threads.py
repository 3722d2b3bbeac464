"""What real threads and green ones share, in a process of its own, since all of it is patched."""

import subprocess
import sys

SCRIPT = """
from cli import green_threads
green_threads.begin()
import logging
import threading
import eventlet
from babel import localedata
from eventlet import patcher, tpool

real = patcher.original("threading")
assert threading.RLock is not real.RLock, "everything else is patched"

for lock in (logging._lock, localedata._cache_lock):
    held, asked = real.Event(), real.Event()

    def hold(lock=lock, held=held, asked=asked):
        with lock:
            held.set()
            asked.wait(0.2)  # a real lock lets nobody tell that they wait for it

    drawing = eventlet.spawn(tpool.execute, hold)
    while not held.is_set():
        eventlet.sleep(0)
    with eventlet.Timeout(20), lock:
        asked.set()
    drawing.wait()
print("both gave way")
"""


def test_who_waits_for_what_a_real_thread_holds_goes_on_when_it_is_given_back() -> None:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", SCRIPT]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.stdout == "both gave way\n", ended.stderr

"""Runs test commands side by side, as many at once as there are cores, and prints what each said in one piece.

    python -m scripts.side_by_side 'pytest tests/system' 'pytest tests/browser' …

They start in the order given, so the longest should come first. What one said is printed when it has ended; last comes
a line for each with its time and its last words, and the tests that failed. The exit code is 0 where all went well.
Ctrl-C and SIGTERM end all that runs, with what it has started.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Event

CORES = len(os.sched_getaffinity(0))
GRACE_SECONDS = 60.0
"""How long an interrupted command may take to end what it has started."""


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    command: str
    seconds: float
    exit_code: int
    said: str

    @property
    def summary(self) -> list[str]:
        """The command's line of the table, and the tests that failed in it."""
        words = "ok    " if self.exit_code == 0 else "FAILED"
        lines = self.said.strip().splitlines() or ["it said nothing"]
        failed = [f"        {line}" for line in lines if line.startswith(("FAILED ", "ERROR "))]
        return [f"{words} {self.seconds:4.0f} s  {self.command}: {lines[-1].strip('= ')}", *failed]


class SideBySide:
    """Commands, of which some run."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._interrupted = Event()

    def run(self, commands: Sequence[str], at_once: int) -> list[Outcome]:
        """Run all and return what they came to, in the order given; print each as it ends."""
        with ThreadPoolExecutor(at_once) as pool:
            futures = [pool.submit(self._run_one, command) for command in commands]
            try:
                for future in as_completed(futures):
                    _print_piece(future.result())
            except KeyboardInterrupt:
                self._interrupt()
                raise
        return [future.result() for future in futures]

    def _run_one(self, command: str) -> Outcome:
        started = time.monotonic()
        with TemporaryFile() as output:
            if self._interrupted.is_set():
                return Outcome(command, 0, 1, "it was not started")
            print(f"started {command}", flush=True)
            process = subprocess.Popen(
                shlex.split(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C comes from us alone, once
            )
            self._running.add(process)
            if self._interrupted.is_set():
                process.kill()
            exit_code = process.wait()
            self._running.discard(process)
            output.seek(0)
            said = output.read().decode(errors="replace")
        return Outcome(command, time.monotonic() - started, exit_code, said)

    def _interrupt(self) -> None:
        self._interrupted.set()
        for process in tuple(self._running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
        end = time.monotonic() + GRACE_SECONDS
        for process in tuple(self._running):
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, end - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _print_piece(outcome: Outcome) -> None:
    line = f" {outcome.command} ({outcome.seconds:.0f} s) "
    print(f"\n{line:#^120}\n{outcome.said}", flush=True)


def main(commands: Sequence[str]) -> int:
    """Run the commands and return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    try:
        outcomes = SideBySide().run(commands, CORES)
    except KeyboardInterrupt:
        print("Interrupted; all that ran has ended.", flush=True)
        return 130
    print(f"\n{f' {time.monotonic() - started:.0f} s side by side ':#^120}")
    print("\n".join(line for outcome in outcomes for line in outcome.summary), flush=True)
    return int(any(outcome.exit_code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

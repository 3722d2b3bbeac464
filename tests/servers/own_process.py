"""A server program of this machine, run privately: own folder, own port, gone with the test run."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.servers.ports import wait_until
from tests.servers.reaper import family, reaper, stat
from tests.servers.server import ServerMissing

START_SECONDS = 60
STOP_SECONDS = 30

_STILL = {"T", "Z", "X"}
"""What the kernel calls a thread that is stopped or has ended (proc_pid_stat(5))."""


def new_folder(name: str, owner: str | None = None) -> Path:
    """Return a fresh folder that `owner` can write, and that is gone when the test run ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"frontdesk-{name}-"))
    reaper().watch_folder(folder)
    folder.chmod(0o755)
    if owner:
        shutil.chown(folder, owner)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a folder of `new_folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    reaper().forget_folder(folder)


def as_user(name: str | None) -> dict[str, object]:
    """Return the arguments that make `subprocess` run a program as the user `name`; none for ourselves."""
    if name is None:
        return {}
    user = pwd.getpwnam(name)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class OwnProcess:
    """One program with its folder, which it starts in and logs into."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        address: str,
        folder: Path,
        ready: Callable[[], bool],
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.address = address
        self.folder = folder
        self._command = list(command)
        self._ready = ready
        self._user = user
        self._environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(environment or {})}
        self._stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The running program's process id, which is its group's too."""
        if self._process is None:
            raise RuntimeError(f"{self._command[0]} does not run")
        return self._process.pid

    def start(self) -> None:
        """Start the program and return when it answers; raise ServerMissing with the end of its log where not."""
        if self._process is not None:
            return
        with (self.folder / "output.log").open("ab") as log:
            self._process = subprocess.Popen(  # type: ignore[call-overload]  # the user's arguments come as a dict
                self._command,
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **as_user(self._user),
            )
        reaper().watch_group(self._process.pid)
        came = wait_until(lambda: self._ended() or self._ready(), START_SECONDS)
        if self._ended() or not came:
            self.kill()
            raise ServerMissing(f"{self._command[0]} did not start: {self._last_words()}")

    def stop(self) -> None:
        """Ask the program to end; after half a minute make it."""
        self._end(self._stop_signal)

    def kill(self) -> None:
        """End the program and its children at once."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start it."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze the program and all that it has started; return when none of their threads runs any more."""
        if not wait_until(self._frozen, STOP_SECONDS):
            raise RuntimeError(f"{self._command[0]} could not be frozen")

    def resume(self) -> None:
        """Let a frozen program go on."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """End the program and remove its folder."""
        self.resume()
        self.stop()
        remove_folder(self.folder)

    def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        members = family(process.pid)
        if process.poll() is None:
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        for member in {*members, *family(process.pid)}:  # a frozen one does not notice that its parent is gone
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        process.wait()
        reaper().forget_group(process.pid)
        self._process = None

    def _signal(self, which: signal.Signals) -> None:
        if self._process is not None:
            for process in family(self._process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, which)

    def _frozen(self) -> bool:
        """Stop whoever still runs, the latest children too; tell whether all stand."""
        self._signal(signal.SIGSTOP)
        return all(state in _STILL for process in family(self.pid) for state in _thread_states(process))

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _last_words(self) -> str:
        return (self.folder / "output.log").read_text(errors="replace").strip()[-500:] or "it said nothing"


def _thread_states(process: int) -> list[str]:
    """Return the state of each thread of a process: a signal reaches one after the other."""
    return [stat(thread)[0] for thread in Path(f"/proc/{process}/task").glob("[0-9]*")]

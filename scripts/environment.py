"""Makes the environment in `.venv` from the lock file, where it is not there yet, and runs a program in it.

    python scripts/environment.py [--test] PROGRAM [ARGUMENT …]

Standard library only: it runs on a machine that has nothing but Python. `--test` adds what tests and linters need.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / "bin"
PYTHON = PROGRAMS / "python"
LOG = ENVIRONMENT / "install.log"
_STAMP = ENVIRONMENT / "installed"
RUNTIME, TEST = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
PIP = ROOT / "requirements-pip.lock"

_LAUNCHER = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from {module} import {function}
sys.exit({function}())
"""
"""Shell and Python at once, as pip writes it where a path is long or has a space, which `#!` cannot hold."""

_PIP_OPTIONS = (
    "--require-hashes",
    "--no-deps",
    "--only-binary=:all:",
    "--no-compile",  # Python compiles what it imports, a small part of what is there
    "--no-input",
    "--progress-bar=off",
    "--disable-pip-version-check",
)


class CannotPrepare(Exception):
    """The environment cannot be made; the message is one sentence that says what to do."""


def main(arguments: list[str]) -> None:
    """Prepare the environment and become the program, or say in one sentence why not."""
    for_tests = arguments[:1] == ["--test"]
    command = arguments[1:] if for_tests else arguments
    try:
        with _alone():
            prepare(TEST if for_tests else RUNTIME)
    except CannotPrepare as reason:
        sys.exit(f"{reason}")
    if command:
        os.environ["PATH"] = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        _keep_bytecode()
        try:
            os.execvp(command[0], command)
        except FileNotFoundError:
            sys.exit(f"There is no program {command[0]} in {PROGRAMS} or on PATH.")


def _keep_bytecode() -> None:
    """Have Python keep in `.venv` what it has compiled, also where it is told to keep none beside its sources.

    Otherwise each process of a test run compiles every library anew, which takes longer than many tests.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ENVIRONMENT / "bytecode"))


def prepare(lock: Path) -> None:
    """Bring `.venv` up to `lock`; at once where it is already."""
    if _is_current(lock):
        return
    try:
        _make_environment()
        _install(lock)
        _make_importable()
        _stamp(lock)
    except OSError as refused:
        raise CannotPrepare(
            f"{ENVIRONMENT} cannot be written ({refused.strerror}); Frontdesk keeps its libraries there."
        ) from refused


def _make_environment() -> None:
    if PYTHON.exists() and _is_here() and _fits():
        return
    if find_spec("ensurepip") is None or find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotPrepare(
            f"This Python lacks its venv part: install the package python{version}-venv, then try again."
        )
    _say(f"Making the environment in {ENVIRONMENT.name} (Python {sys.version.split()[0]})")
    ENVIRONMENT.mkdir(exist_ok=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", ENVIRONMENT], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise CannotPrepare(f"The environment could not be made: {_last_line(made.stderr + made.stdout)}")


def _install(lock: Path) -> None:
    total = len(re.findall(r"^[A-Za-z0-9]", lock.read_text(), flags=re.MULTILINE))
    _say(f"Installing {total} libraries from {lock.name}: seconds from pip's cache, else a minute or so")
    with LOG.open("w") as log:
        for requirements in (PIP, lock):  # an old pip, as Debian 12 brings, takes three times as long over the rest
            if not _pip_install(requirements, log, total):
                raise CannotPrepare(
                    f"The libraries could not be installed ({_last_line(LOG.read_text())}); "
                    f"{LOG} tells the whole story."
                )


def _pip_install(requirements: Path, log: TextIO, total: int) -> bool:
    """Install, tell the reader every so often how far it is, and return whether it worked."""
    command = [str(PYTHON), "-m", "pip", "install", "--requirement", str(requirements), *_PIP_OPTIONS]
    fetched = 0
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            log.write(line)
            if line.startswith(("Collecting", "Processing", "Requirement already")):
                fetched += 1
                if fetched % 15 == 0:
                    _say(f"  {fetched} of {total} fetched")
            elif line.startswith("Installing collected packages") and fetched > 1:
                _say("  unpacking")
    log.flush()
    return pip.returncode == 0


def _make_importable() -> None:
    """Let the environment find the project's packages where they lie, and make its own programs."""
    packages = next((ENVIRONMENT / "lib").glob("python3*/site-packages"))
    (packages / "frontdesk.pth").write_text(f"{ROOT}\n")
    for name, target in _programs().items():
        module, _, function = target.partition(":")
        program = PROGRAMS / name
        program.write_text(_LAUNCHER.format(python=PYTHON, module=module, function=function))
        program.chmod(0o755)


def _programs() -> dict[str, str]:
    """Return the project's programs by name: `module:function`."""
    scripts: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    return scripts


def _is_current(lock: Path) -> bool:
    return PYTHON.exists() and _fingerprint(lock) in _fingerprints()


def _stamp(lock: Path) -> None:
    """Note what is installed; what tests need includes what runs."""
    contained = [RUNTIME, TEST] if lock == TEST else [RUNTIME]
    _STAMP.write_text("\n".join(map(_fingerprint, contained)) + "\n")


def _fingerprints() -> list[str]:
    return _STAMP.read_text().split() if _STAMP.exists() else []


def _fingerprint(lock: Path) -> str:
    """Return what an environment depends on: the locks, the programs, and its place, which the programs hold."""
    parts = (PIP.read_text(), lock.read_text(), repr(_programs()), str(ROOT))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _is_here() -> bool:
    """Tell whether the environment was made for this very folder: its programs hold its path."""
    configuration = ENVIRONMENT / "pyvenv.cfg"
    return configuration.exists() and str(ENVIRONMENT) in configuration.read_text()


def _fits() -> bool:
    """Tell whether the Python in the environment starts and is one that Frontdesk runs on."""
    probe = [str(PYTHON), "-c", "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@contextmanager
def _alone() -> Iterator[None]:
    """Let a second start wait for the first; the lock on the project's folder needs no file and ends with us."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["it said nothing"])[-1]


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

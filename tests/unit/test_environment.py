"""How the environment is made: what is missing is named in one sentence (make run on a fresh machine)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what makes the environment, and nothing else."""
    for name in ("scripts", "pyproject.toml", "requirements.lock", "requirements-pip.lock", "requirements-test.lock"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the environment of `checkout` on a machine that has only `environment`."""
    return subprocess.run(
        ["/bin/sh", checkout / "scripts" / "in-environment", "frontdesk", "up"],
        env=environment,
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def a_program(folder: Path, name: str, text: str) -> Path:
    """Write an executable shell script."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return program


def a_path_with(folder: Path, **programs: str) -> str:
    """Return a PATH that holds `dirname` and the given scripts alone."""
    folder.mkdir()
    (folder / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    for name, text in programs.items():
        a_program(folder, name.replace("_", "."), text)
    return str(folder)


def test_a_machine_without_python_is_told_so(checkout: Path) -> None:
    outcome = run(checkout, PATH=a_path_with(checkout / "bin"))
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("Frontdesk needs Python 3.11, 3.12 or 3.13, and none is on PATH")
    assert outcome.stderr.count("\n") == 1


def test_too_old_a_python_is_passed_over_for_a_newer_one(checkout: Path) -> None:
    path = a_path_with(checkout / "bin", python3="exit 1", python3_12='case "$1" in -c) exit 0;; esac; echo found "$@"')
    assert run(checkout, PATH=path).stdout.startswith("found")


def test_a_wrong_python_is_named(checkout: Path) -> None:
    old = a_program(checkout / "old", "python3.9", "exit 1")
    outcome = run(checkout, PATH=os.environ["PATH"], PYTHON=str(old))
    assert outcome.returncode == 1
    assert outcome.stderr == f"PYTHON is {old}, which is not a Python 3.11, 3.12 or 3.13.\n"


def test_a_python_without_its_venv_part_is_told_what_to_install(checkout: Path) -> None:
    without = a_program(
        checkout / "cut",
        "python3",
        f'if [ "$1" = -c ]; then exec "{sys.executable}" "$@"; fi\n'
        f'exec "{sys.executable}" -c "'
        "import runpy, sys; sys.path.insert(0, sys.argv[1].rpartition('/')[0]); del sys.argv[0]; "
        "import importlib.util as u; real = u.find_spec; "
        "u.find_spec = lambda name: None if name == 'ensurepip' else real(name); "
        "runpy.run_path(sys.argv[0], run_name='__main__')"
        '" "$@"',
    )
    outcome = run(checkout, PATH=os.environ["PATH"], PYTHON=str(without))
    assert outcome.returncode == 1
    assert "install the package python3." in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_an_environment_that_cannot_be_written_is_named(checkout: Path) -> None:
    (checkout / ".venv").write_text("a file in the way")
    outcome = run(checkout, PATH=os.environ["PATH"], PYTHON=sys.executable)
    assert outcome.returncode == 1
    assert f"{checkout / '.venv'} cannot be written" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_what_python_compiles_is_kept_in_the_environment_even_where_sources_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment, "prepare", lambda _lock: None)
    monkeypatch.setattr(os, "execvp", lambda *_: None)
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    environment.main(["python"])
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert Path(os.environ["PYTHONPYCACHEPREFIX"]).is_relative_to(environment.ENVIRONMENT)

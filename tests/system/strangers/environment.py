"""The environment of somebody else's program, made from a lock of its own."""

import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.lock")


def made_in(folder: Path) -> Path:
    """Return the `bin` of a new environment; the libraries come as those of the project do, by their hashes."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=120)
    options = ("--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile", "--no-input", "--quiet")
    python = folder / "bin/python"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", *options, "--requirement", LOCK],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "bin"

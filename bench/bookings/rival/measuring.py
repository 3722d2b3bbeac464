"""Installs the rival into a throw-away environment and measures its booking flow on the PostgreSQL of the run."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from bench.bookings.floors import Floor
from bench.house import ROOT, House
from bench.load import generate
from bench.processor import spent
from tests.servers.ports import answers, free_port, wait_until
from tests.servers.postgres import FreshDatabases

PACKAGE = "django-appointment==3.12.0"
_PACKAGES = (PACKAGE, "gunicorn", "psycopg2-binary")
_CLIENTS, _WORKERS, _SESSIONS = 8, 2, 32
_GREETING = b"HEAD / HTTP/1.0\r\n\r\n"


@dataclass
class Rival:
    """A running one."""

    port: int
    process: subprocess.Popen[bytes]
    house: House
    sessions: list[str]
    booked: int = 0

    def measured(self, number: int) -> Floor:
        """Let eight clients book so many times; return what that came to."""
        before = self._used()
        done = generate(
            "bench.bookings.rival.booking:bookings", self.port, _CLIENTS,
            first=self.booked, number=number, today=f"{datetime.now(UTC).date()}", sessions=self.sessions,
        )  # fmt: skip
        self.booked += number
        if refused := [each.came for each in done if each.came.startswith("!")]:
            raise SystemExit(f"the rival refused {len(refused)} of {number}, the first: {refused[0]}")
        used = {who: seconds - before[who] for who, seconds in self._used().items()}
        took = max(each.ended for each in done) - done[0].begun
        each = {who: 1000 * seconds / number for who, seconds in used.items()}
        return Floor("django-appointment, a booking", number / took, each)

    def _used(self) -> dict[str, float]:
        return {"gunicorn": spent(self.process.pid), "PostgreSQL": self.house.processor_seconds("PostgreSQL")}


@contextmanager
def rival(house: House) -> Iterator[Rival | None]:
    """Run the rival on the PostgreSQL of a house; gives None where it cannot be had."""
    with TemporaryDirectory(prefix="frontdesk-rival-") as folder:
        python = _installed(Path(folder))
        if python is None:
            yield None
            return
        address = make_url(FreshDatabases(house.servers["PostgreSQL"].address).new())
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = {
            **kept, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "bench.bookings.rival.settings",
            "RIVAL_NAME": str(address.database), "RIVAL_PORT": str(address.port),
        }  # fmt: skip
        made = subprocess.run(
            [python, "-W", "ignore", "-m", "bench.bookings.rival.set_up", f"{_SESSIONS}"],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise SystemExit(f"the rival could not be set up: {made.stderr[-2000:]}")
        port = free_port()
        process = subprocess.Popen(
            [python, "-m", "gunicorn", "-w", f"{_WORKERS}", "-b", f"127.0.0.1:{port}", "--log-level", "error",
             "django.core.wsgi:get_wsgi_application()"],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            if not wait_until(lambda: answers(port, _GREETING), 60):
                raise SystemExit("the rival does not answer")
            yield Rival(port, process, house, json.loads(made.stdout.splitlines()[-1]))
        finally:
            process.terminate()
            process.wait(30)


def _installed(folder: Path) -> str | None:
    """Return the Python of a fresh environment with the rival; None where the packages cannot be had."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv/bin/python")
    command = [python, "-m", "pip", "install", "--quiet", "--only-binary=:all:", *_PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{PACKAGE} cannot be installed here, so it is not measured.", file=sys.stderr)
        return None
    return python

"""Keys are replaced while a clinic works, until nothing needs the old ones (PRODUCT A3)."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from cli.keys.commands import SEALS
from shared.settings import SERVICES, new_seal_key
from shared.storage.keys.resealing import names_in
from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, ROOT, SLOW_MACHINE, Installation, embedded, wait_until
from tests.system.people import a_patient


def frontdesk(installation: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside what runs."""
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=ROOT,
        env={**os.environ, **installation.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SLOW_MACHINE,
        check=False,
    )


def everything_stored(folder: Path) -> Counter[str]:
    """Return how many texts lie in any column of any table of all databases, by what seems to be their key."""
    found: Counter[str] = Counter()
    for service in SERVICES:
        with closing(sqlite3.connect(folder / f"{service}.sqlite3")) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                    found.update(
                        chain.from_iterable(names_in(text).elements() for text in row if isinstance(text, str))
                    )
    return found


def booked(installation: Installation, seed: int) -> str:
    """Book at norsk, and return the reference."""
    slot = Client(installation.url).slots("norsk", "consultation", datetime.now(UTC).date() + timedelta(days=5))[0]
    person = a_patient("no.fodselsnummer", "NO", seed)
    answer = Client(installation.url).post(
        "/clinics/norsk/bookings", {"type": "consultation", "start": slot["start"], "patient": person}
    )
    assert answer.status == 201, answer
    reference: str = answer["reference"]
    return reference


def known(installation: Installation, reference: str) -> bool:
    """Tell whether a booking's patient has a record, and its messages are written."""
    clinic = staff(installation.url, *ADMIN)
    told = clinic.get("/staff/clinics/norsk/messages", booking=reference)["messages"]
    return bool(clinic.get(f"/staff/clinics/norsk/bookings/{reference}")["patient"]["id"]) and len(told) > 1


def test_a3_the_keys_of_what_is_stored_are_replaced_and_the_old_ones_taken_out(tmp_path: Path) -> None:
    """All the way of docs/operations.md: behind, in front, sealed and hashed anew, refused until then, and out."""
    running = embedded(tmp_path)
    try:
        running.wait_ready()
        first = booked(running, 801)
        wait_until(lambda: known(running, first), "the record and the messages of a booking")
        keys = json.loads((tmp_path / "data" / "keys.json").read_text())
        old = {name: keys[name] for name in ("EVENT_KEYS", "IDENTITY_KEYS", "LOOKUP_KEY")}
        new = {**{name: new_seal_key() for name in SEALS}, "LOOKUP_KEY": os.urandom(32).hex()}
        named = {name: (old[name].partition(":")[0], new[name].partition(":")[0]) for name in SEALS}
        olds, news = ([pair[at] for pair in named.values()] for at in (0, 1))

        running.kill("up")
        running.environment |= {name: f"{new[name]},{old[name]}" for name in old}
        running.start("up", "up", "--no-demo-day")
        running.wait_ready()
        refused = frontdesk(running, "keys", "retire", olds[0])
        assert refused.returncode == 1
        assert "still needed" in refused.stderr
        assert "booking.bookings" in refused.stderr
        assert frontdesk(running, "keys", "retire", news[0]).returncode == 1, "what seals stays"
        assert frontdesk(running, "keys", "retire", "nobody").returncode == 1
        assert frontdesk(running, "keys", "status").returncode == 1
        of_lookups = frontdesk(running, "keys", "retire", "LOOKUP_KEY")
        assert of_lookups.returncode == 1
        assert "patient.patients" in of_lookups.stderr

        resealed = frontdesk(running, "keys", "reseal")
        assert resealed.returncode == 0, resealed.stdout + resealed.stderr
        status = frontdesk(running, "keys", "status", "--json")
        assert status.returncode == 0, status.stdout + status.stderr
        told = {line["key"]: line for line in map(json.loads, status.stdout.splitlines())}
        assert {key: told[key]["may_go"] for key in (*olds, *news)} == {
            **dict.fromkeys(olds, True),
            **dict.fromkeys(news, False),
        }
        stored = everything_stored(tmp_path / "data")
        assert [stored[key] for key in olds] == [0, 0], "also in columns that nobody has named"
        assert all(stored[key] for key in news)
        assert frontdesk(running, "keys", "retire", olds[0]).returncode == 0
        of_lookups = frontdesk(running, "keys", "retire", "LOOKUP_KEY")
        assert of_lookups.returncode == 0, of_lookups.stderr
        assert "Move it from LOOKUP_KEY to FORMER_LOOKUP_KEYS" in of_lookups.stdout
        gauges = frontdesk(running, "keys", "status", "--metrics").stdout
        assert 'frontdesk_keys_kept{key="lookup-' in gauges

        running.stop()
        running.environment |= {**new, "FORMER_LOOKUP_KEYS": old["LOOKUP_KEY"]}
        running.start("up", "up", "--no-demo-day")
        running.wait_ready()
        clinic = staff(running.url, *ADMIN)
        patient = clinic.get(f"/staff/clinics/norsk/bookings/{first}")["patient"]
        assert patient["mobile"]
        assert clinic.get(f"/staff/clinics/norsk/patients/{patient['id']}")["identity"]["number"]
        assert clinic.get("/staff/clinics/norsk/history/verify")["broken"] == []
        number = a_patient("no.fodselsnummer", "NO", 801)["national_id"]
        assert [each["id"] for each in clinic.get("/staff/clinics/norsk/patients", q=number)["patients"]] == [
            patient["id"]
        ]
        second = booked(running, 802)
        wait_until(lambda: known(running, second), "a booking with the new keys alone")
    finally:
        running.stop()

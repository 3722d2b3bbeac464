"""A clinic moves in by `frontdesk import`: once, however often and wherever it is stopped, and nobody is told (C14)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, ROOT, SLOW_MACHINE, Installation

DAY = in_days(40)
LINES = 1000


def moving_in(installation: Installation) -> OwnClinic:
    administrator = staff(installation.url, *ADMIN)
    return own_clinic(Client(installation.url), administrator, a_block("08:00", "12:00"))


def command(clinic: OwnClinic, kind: str, file: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "cli.main", "import", kind, str(file), "--clinic", clinic.key, *options]


def taken(installation: Installation, clinic: OwnClinic, kind: str, file: Path, *options: str) -> dict[str, Any]:
    """Take a file over and return what the command tells programs."""
    run = subprocess.run(
        command(clinic, kind, file, "--json", *options), cwd=ROOT, env=installation.environment, capture_output=True,
        text=True, timeout=SLOW_MACHINE, check=False,
    )  # fmt: skip
    assert run.stdout, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    assert run.returncode == (1 if told["left"] else 0), run.stderr
    return told


def patients(folder: Path, count: int) -> Path:
    """Write a file of people; each has a number in the former system, a birth date and an email of their own."""
    people = (a_person() for _ in range(count))
    lines = (
        f"{number};{person['first_name']};{person['last_name']};{person['birth_date']};{person['email']}"
        for number, person in enumerate(people, 1)
    )
    file = folder / "patients.csv"
    file.write_text("\n".join(["Patientnr;Förnamn;Efternamn;Född;E-post", *lines]), encoding="utf-8")
    return file


def test_c14_what_is_taken_over_is_there_once_cannot_be_booked_over_and_nobody_is_told(
    deployed_installation: Installation, tmp_path: Path
) -> None:
    installation = deployed_installation
    clinic = moving_in(installation)
    file = patients(tmp_path, 3)
    trial = taken(installation, clinic, "patients", file, "--dry-run")
    assert (trial["counts"], trial["dry_run"]) == ({"new": 3}, True)
    assert taken(installation, clinic, "patients", file)["counts"] == {"new": 3}
    assert taken(installation, clinic, "patients", file)["counts"] == {"known": 3}

    appointments = tmp_path / "appointments.csv"
    appointments.write_text(
        f"Bokningsid;Patientnr;Datum;Tid;Minuter\n1;1;{DAY};09:00;30\n2;2;{DAY};09:15;30\n3;3;{DAY};10:00;30\n",
        encoding="utf-8",
    )
    whose = ("--always", "type=visit", "--always", "practitioner=anna")
    first = taken(installation, clinic, "appointments", appointments, *whose)
    assert first["counts"] == {"new": 2, "collides": 1}
    assert [each["line"] for each in first["left"]] == [3]
    left = (tmp_path / "appointments.left.csv").read_text(encoding="utf-8-sig").splitlines()
    assert left[0] == "Bokningsid;Patientnr;Datum;Tid;Minuter;why not"
    assert taken(installation, clinic, "appointments", appointments, *whose)["counts"] == {"known": 2, "collides": 1}

    assert not {"09:00", "10:00"} & set(clinic.starts(DAY))
    assert clinic.book(at(DAY, "09:00")).status == 409
    desk = f"/staff/clinics/{clinic.key}"
    booked = clinic.administrator.get(f"{desk}/bookings", **{"from": DAY.isoformat(), "to": DAY.isoformat()})[
        "bookings"
    ]
    assert len(booked) == 2
    for booking in booked:
        told = clinic.administrator.get(f"{desk}/messages", booking=booking["reference"])["messages"]
        assert [each for each in told if each["state"] != "planned"] == []
    assert clinic.administrator.get(f"{desk}/messages")["messages"] == []


def test_c14_one_that_is_killed_in_the_middle_goes_on_when_it_is_run_again(
    deployed_installation: Installation, tmp_path: Path
) -> None:
    installation = deployed_installation
    clinic = moving_in(installation)
    file = patients(tmp_path, LINES)
    environment = {**installation.environment, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command(clinic, "patients", file), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stderr is not None
        said = run.stderr.readline()
        os.kill(run.pid, signal.SIGKILL)
    assert said.startswith("200 of 1000 lines"), said
    counts = taken(installation, clinic, "patients", file)["counts"]
    assert counts["new"] + counts["known"] == LINES
    assert counts["known"] >= 200
    assert taken(installation, clinic, "patients", file)["counts"] == {"known": LINES}

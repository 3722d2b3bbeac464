"""`frontdesk bookings` and the others, against both forms of an installation (PRODUCT C5, ADR 55)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import main
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, at, in_days, own_clinic
from tests.system.installation import ADMIN, ROOT, SLOW_MACHINE, Installation, wait_until

VISIT = {"key": "visit", "name": "Visit", "length": "30m"}

pytestmark = pytest.mark.both_forms


@pytest.fixture(scope="module")
def clinic(installation: Installation) -> OwnClinic:
    """Return a clinic of these tests' own."""
    return own_clinic(Client(installation.url), staff(installation.url, *ADMIN), types=[VISIT])


def asked(installation: Installation, *arguments: str) -> Any:
    """Return what a command answers programs."""
    ran = CliRunner().invoke(main, [*arguments, "--json"], env={"AMQP_URI": None, **installation.environment})
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def test_c5_the_desk_s_work_is_done_by_commands(installation: Installation, clinic: OwnClinic) -> None:
    """A time is found, booked, moved, missed and cancelled, and its patient handed out and erased."""

    def frontdesk(*words: str) -> Any:
        return asked(installation, *words)

    day = in_days(9).isoformat()
    free = frontdesk("bookings", "times", clinic.key, "visit", "--from", day)["slots"][0]["start"]
    who = "--first-name Test --last-name Command --mobile +46701740699 --email c@patients.example --sms --mail"
    booked = frontdesk("bookings", "book", clinic.key, "visit", "--start", free[:16], *who.split())
    reference = booked["reference"]
    assert booked["start"] == free
    wait_until(lambda: frontdesk("bookings", "show", clinic.key, reference)["patient"]["id"], "the patient's record")
    found = frontdesk("bookings", "find", clinic.key, "--from", day, "--to", day)["bookings"]
    assert [each["reference"] for each in found] == [reference]

    moved = frontdesk("bookings", "move", clinic.key, reference, "--start", f"{day}T11:00")
    assert moved["start"] == at(in_days(9), "11:00")
    patient = moved["patient"]["id"]
    assert frontdesk("patients", "find", clinic.key, "Command")["patients"][0]["id"] == patient
    assert frontdesk("patients", "show", clinic.key, patient)["last_name"] == "Command"

    def told() -> set[str]:
        listed = frontdesk("messages", "list", clinic.key, "--booking", reference, "--all")["messages"]
        return {each["event"] for each in listed}

    wait_until(lambda: told() >= {"booked", "moved"}, "what the patient is told")

    frontdesk("bookings", "cancel", clinic.key, reference, "--yes")
    history = frontdesk("audit", "history", clinic.key, reference, "--all")["history"]
    assert {"BookingCreated", "BookingMoved", "BookingCancelled"} <= {entry["type"] for entry in history}
    assert {entry["actor"]["id"] for entry in history if entry["actor"]["kind"] == "tool"} == {"frontdesk"}
    assert frontdesk("report", clinic.key)["total"]["bookings"] >= 1
    opened = frontdesk("audit", "openings", clinic.key, "--patient", patient)["access_log"]
    assert {(each["actor"]["id"], each["what"]) for each in opened} >= {("frontdesk", "read")}

    ran = CliRunner().invoke(
        main, ["patients", "export", clinic.key, patient], env={"AMQP_URI": None, **installation.environment}
    )
    assert json.loads(ran.stdout)["bookings"][0]["reference"] == reference
    gone = frontdesk("patients", "erase", clinic.key, patient, "--confirm", "test command")
    assert gone["everywhere_at"] is not None


def test_c5_events_are_heard_as_they_happen_and_what_is_sealed_is_not_shown(
    installation: Installation, clinic: OwnClinic, tmp_path: Path
) -> None:
    words = ("events", "tail", "--count", "1", "--type", "BookingCreated", "--clinic", clinic.key, "--json")
    heard, said = tmp_path / "heard", tmp_path / "said"
    with heard.open("w") as output, said.open("w") as errors:
        command = [sys.executable, "-m", "cli.main", *words]
        listening = subprocess.Popen(command, cwd=ROOT, env=installation.environment, stdout=output, stderr=errors)
    try:
        wait_until(lambda: said.read_text() == "Listening; Ctrl-C ends it.\n", "somebody who listens")
        reference = clinic.book(at(in_days(10), "08:00"))["reference"]
        assert listening.wait(SLOW_MACHINE) == 0
    finally:
        listening.kill()
        listening.wait()
    told = json.loads(heard.read_text())
    assert (told["type"], told["subject"]) == ("BookingCreated", reference)
    assert told["data"]["person"] == "(sealed)"
    assert told["data"]["practitioner"] == "anna"


def test_c5_what_is_refused_and_who_is_not_there_have_codes_of_their_own(
    installation: Installation, clinic: OwnClinic
) -> None:
    def ends(*words: str, **other: str) -> int:
        environment = {"AMQP_URI": None, **installation.environment, **other}
        return CliRunner().invoke(main, words, env=environment).exit_code

    assert ends("bookings", "show", clinic.key, "NOPE") == 1
    assert ends("bookings", "find", "nowhere") == 1
    assert ends("bookings", "find", clinic.key, "--from", "soon") == 2
    elsewhere = {"DATA_DIR": f"{installation.folder}/none"} if "AMQP_URI" not in installation.environment else {
        "AMQP_URI": "pyamqp://guest:guest@127.0.0.1:1//"
    }  # fmt: skip
    assert ends("bookings", "find", clinic.key, **elsewhere) == 3
